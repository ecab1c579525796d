package dev.vibrissa.indexer.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors;
import com.google.protobuf.DynamicMessage;
import dev.vibrissa.kafka.v1.Envelope;
import dev.vibrissa.kafka.v1.ExtractionProto;
import dev.vibrissa.kafka.v1.Part;
import dev.vibrissa.kafka.v1.Range;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What is on the wire today is understood tomorrow, and the other way round. {@code kafka/extraction.fields} lists every field
 * that was ever published, {@code kafka/golden.envelope} is a record as the first version wrote it; README.md there says how
 * both are made.
 */
class WireEvolutionTest {
    private static final Path RESOURCES =
            Path.of(System.getProperty("vibrissa.root"), "indexer", "src", "test", "resources", "kafka");

    @Test
    void noFieldIsRenumberedRetypedOrRemoved() throws Exception {
        List<String> published = Files.readAllLines(RESOURCES.resolve("extraction.fields"));
        assertThat(fields()).containsAll(published);
        // And whoever adds one, adds it to the list.
        assertThat(published).containsExactlyElementsOf(fields());
    }

    @Test
    void aRecordOfTheFirstVersionIsReadAsItWas() throws Exception {
        var envelope = Wire.envelope(Files.readAllBytes(RESOURCES.resolve("golden.envelope")));
        assertThat(envelope.getRangeFirst()).isEqualTo(1008);
        var prepared = FactsCodec.decode(envelope.getPart().getBytes().toByteArray(), 1011);
        assertThat(prepared.checkpoint().digest())
                .hasToString(
                        Files.readString(RESOURCES.resolve("golden.digest")).strip());
        assertThat(prepared.facts().transactions()).isNotEmpty();
        assertThat(FactsCodec.encode(prepared.checkpoint(), prepared.facts()))
                .isEqualTo(envelope.getPart().getBytes().toByteArray());
    }

    @Test
    void whatANewerVersionAddsIsPassedOverAndPassedOn() throws Exception {
        var newer = withOneFieldMore(Range.getDescriptor().toProto());
        var message = DynamicMessage.newBuilder(newer);
        message.setField(newer.findFieldByName("schema"), Wire.SCHEMA);
        message.setField(newer.findFieldByName("first"), 7L);
        message.setField(newer.findFieldByName("last"), 9L);
        message.setField(newer.findFieldByName("of_tomorrow"), "tomorrow");
        byte[] bytes = message.build().toByteArray();
        var range = Wire.range(bytes);
        assertThat(range.getLast()).isEqualTo(9);
        var back = DynamicMessage.parseFrom(newer, range.toByteArray());
        assertThat(back.getField(newer.findFieldByName("of_tomorrow"))).isEqualTo("tomorrow");
    }

    @Test
    void aSchemaThatMustNotBePassedOverIsRefused() {
        assertThatThrownBy(
                        () -> Wire.range(Range.newBuilder().setSchema(2).build().toByteArray()))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessage("schema 2, we know 1");
        assertThatThrownBy(() -> Wire.envelope(Envelope.newBuilder()
                        .setSchema(2)
                        .setPart(Part.getDefaultInstance())
                        .build()
                        .toByteArray()))
                .isInstanceOf(MalformedRecordException.class);
    }

    @Test
    void aLargeCheckpointGoesInParts() {
        var facts = new byte[2 * Wire.MOST_PART_BYTES + 1];
        for (int i = 0; i < facts.length; i++) {
            facts[i] = (byte) (i * 31);
        }
        var range = Range.newBuilder().setFirst(1).setLast(5).setAttempt(1).build();
        var records = Wire.facts("facts", range, "somebody", 3, facts);
        assertThat(records).hasSize(3);
        var parts = records.stream()
                .map(each -> Wire.envelope(each.value()).getPart())
                .toList();
        var assembly = new Assembly(parts.getFirst(), 0, 0);
        assembly.add(parts.get(1));
        assertThat(assembly.isWhole()).isFalse();
        assembly.add(parts.get(2));
        assertThat(assembly.isWhole()).isTrue();
        assertThat(assembly.bytes()).isEqualTo(facts);
        var other = new Assembly(parts.getFirst(), 0, 0);
        assertThatThrownBy(() -> other.add(parts.get(2)))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("part 2 of 3 of checkpoint 3 where part 1 of 3 of 3 is due");
        assertThatThrownBy(() -> new Assembly(parts.get(1), 0, 0)).isInstanceOf(MalformedRecordException.class);
    }

    private static List<String> fields() {
        var fields = new TreeSet<String>();
        for (Descriptors.Descriptor message : ExtractionProto.getDescriptor().getMessageTypes()) {
            for (Descriptors.FieldDescriptor field : message.getFields()) {
                fields.add("%s.%s = %d %s%s"
                        .formatted(
                                message.getName(),
                                field.getName(),
                                field.getNumber(),
                                field.isRepeated() ? "repeated " : "",
                                field.getType() == Descriptors.FieldDescriptor.Type.MESSAGE
                                        ? field.getMessageType().getName()
                                        : field.getType().name().toLowerCase(Locale.ROOT)));
            }
        }
        return List.copyOf(fields);
    }

    private static Descriptors.Descriptor withOneFieldMore(DescriptorProto message) throws Exception {
        var file =
                FileDescriptorProto.newBuilder(ExtractionProto.getDescriptor().toProto());
        for (int i = 0; i < file.getMessageTypeCount(); i++) {
            if (file.getMessageType(i).getName().equals(message.getName())) {
                file.getMessageTypeBuilder(i)
                        .addField(FieldDescriptorProto.newBuilder()
                                .setName("of_tomorrow")
                                .setNumber(1000)
                                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
                                .setType(FieldDescriptorProto.Type.TYPE_STRING));
            }
        }
        return Descriptors.FileDescriptor.buildFrom(file.build(), new Descriptors.FileDescriptor[0])
                .findMessageTypeByName(message.getName());
    }
}
