package dev.vibrissa.devnet.rpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import io.grpc.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which fields of a message a caller wants: a tree of field names. A path to a message means all of it, and so does
 * {@code *}. Renderers ask it before they derive what costs something, {@link #trim} takes off the rest.
 */
final class ReadMask {
    static final ReadMask ALL = new ReadMask(true);
    private static final ReadMask NOTHING = new ReadMask(false);

    private final Map<String, ReadMask> fields = new HashMap<>();
    private boolean all;

    private ReadMask(boolean all) {
        this.all = all;
    }

    /**
     * @param paths of the request; none means the defaults
     * @param defaults comma-separated paths
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if a path leads to no field of {@code message}
     */
    static ReadMask of(FieldMask paths, String defaults, Descriptor message) {
        var mask = new ReadMask(false);
        for (String path : paths.getPathsCount() > 0 ? paths.getPathsList() : List.of(defaults.split(","))) {
            mask.add(path, message);
        }
        return mask;
    }

    private void add(String path, Descriptor message) {
        if (path.equals("*")) {
            all = true;
            return;
        }
        ReadMask at = this;
        FieldDescriptor field = null;
        for (String name : path.split("\\.", -1)) {
            Descriptor within = field == null ? message : submessage(field, path);
            field = within.findFieldByName(name);
            if (field == null) {
                throw Status.INVALID_ARGUMENT
                        .withDescription(
                                "read_mask '%s': %s has no field '%s' here".formatted(path, within.getName(), name))
                        .asRuntimeException();
            }
            at = at.fields.computeIfAbsent(name, _ -> new ReadMask(false));
        }
        at.all = true;
    }

    private static Descriptor submessage(FieldDescriptor field, String path) {
        if (field.getJavaType() != JavaType.MESSAGE) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("read_mask '%s': '%s' has no fields of its own".formatted(path, field.getName()))
                    .asRuntimeException();
        }
        return field.getMessageType();
    }

    /** Whether anything of this field is wanted. */
    boolean has(String field) {
        return all || fields.containsKey(field);
    }

    /** Whether any field but this one is wanted. */
    boolean hasMoreThan(String field) {
        return all || fields.size() > (fields.containsKey(field) ? 1 : 0);
    }

    /** What is wanted of this field's message. */
    ReadMask within(String field) {
        return all ? ALL : fields.getOrDefault(field, NOTHING);
    }

    /** Takes away all that is not wanted. */
    @SuppressWarnings("unchecked") // the builder of a message builds that message
    <T extends Message> T trim(T message) {
        if (all) {
            return message;
        }
        var trimmed = message.newBuilderForType();
        message.getAllFields().forEach((field, value) -> {
            var wanted = fields.get(field.getName());
            if (wanted == null) {
                return;
            }
            if (field.isRepeated()) {
                for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
                    trimmed.addRepeatedField(field, wanted.trimValue(message.getRepeatedField(field, i)));
                }
            } else {
                trimmed.setField(field, wanted.trimValue(value));
            }
        });
        return (T) trimmed.build();
    }

    private Object trimValue(Object value) {
        return value instanceof Message message ? trim(message) : value;
    }
}
