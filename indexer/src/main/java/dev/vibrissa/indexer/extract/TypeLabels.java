package dev.vibrissa.indexer.extract;

import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.TypeTag;
import dev.vibrissa.protocol.walrus.object.WalrusObject;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code module::Name} of types: one text for each that is known, made once and not for every object. */
final class TypeLabels {
    private static final Map<String, Map<String, Labels>> BY_MODULE = byModule();

    private record Labels(String own, String field) {
        static Labels of(String type) {
            return new Labels(type, "Field<" + type + ">");
        }
    }

    /** In characters. A stranger's type may be of many kilobytes, and an entry of an index has its bound. */
    private static final int MOST_LENGTH = 256;

    private TypeLabels() {}

    static String of(StructTag type) {
        return labels(type).own();
    }

    /** {@code Field<module::Name>}, for a dynamic field with a value of this type. */
    static String ofFieldWith(StructTag value) {
        return labels(value).field();
    }

    /**
     * {@code Field<module::Key, Value>}, for a dynamic field with a key of this type. The value is the framework's, or of any
     * type where somebody uses our key for a field of his own: then it may be cut.
     */
    static String ofFieldUnder(StructTag key, TypeTag value) {
        String label = "Field<%s, %s>".formatted(labels(key).own(), shortName(value));
        return label.length() <= MOST_LENGTH ? label : label.substring(0, MOST_LENGTH - 1) + "…";
    }

    private static String shortName(TypeTag type) {
        return switch (type) {
            case TypeTag.Primitive primitive -> primitive.name().toLowerCase(Locale.ROOT);
            case TypeTag.Vector(var element) -> "vector<" + shortName(element) + ">";
            case TypeTag.Struct(var struct) when struct.typeParams().isEmpty() -> struct.name();
            case TypeTag.Struct(var struct) ->
                struct.typeParams().stream()
                        .map(TypeLabels::shortName)
                        .collect(Collectors.joining(", ", struct.name() + "<", ">"));
        };
    }

    private static Labels labels(StructTag type) {
        var known = BY_MODULE.getOrDefault(type.module(), Map.of()).get(type.name());
        return known == null ? Labels.of(type.module() + "::" + type.name()) : known;
    }

    private static Map<String, Map<String, Labels>> byModule() {
        var modules = new HashMap<String, Map<String, Labels>>();
        for (String type : WalrusObject.types()) {
            int separator = type.indexOf("::");
            modules.computeIfAbsent(type.substring(0, separator), _ -> new HashMap<>())
                    .put(type.substring(separator + 2), Labels.of(type));
        }
        return modules;
    }
}
