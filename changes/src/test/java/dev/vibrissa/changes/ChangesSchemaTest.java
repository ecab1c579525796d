package dev.vibrissa.changes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.UnknownFieldSet;
import dev.vibrissa.changes.v1.Change;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What others have read stays readable: files of {@code golden/} are only ever added to. */
class ChangesSchemaTest {
    @Test
    void aRecordIsTheBytesThatItAlwaysWas() throws Exception {
        byte[] golden =
                HexFormat.of().parseHex(golden("commission_announced.hex").strip());
        Change read = Change.parseFrom(golden);
        assertThat(read.getId()).isEqualTo(12);
        assertThat(read.getAt().getSeconds()).isEqualTo(1_700_000_000);
        assertThat(read.getPlace().getCheckpoint()).isEqualTo(100);
        assertThat(read.getCommissionAnnounced().getRate()).isEqualTo(600);
        assertThat(read.getCommissionAnnounced().getRateBefore()).isEqualTo(500);
        assertThat(read.toByteArray()).isEqualTo(golden);
    }

    @Test
    void noFieldIsRenumberedOrOfAnotherType() throws Exception {
        var now = new TreeSet<String>();
        var file = Change.getDescriptor().getFile();
        file.getMessageTypes().forEach(each -> fields(each, each.getName(), now));
        file.getEnumTypes().forEach(each -> values(each, each.getName(), now));
        assertThat(now).containsAll(golden("fields.txt").lines().toList());
    }

    private static void fields(Descriptor message, String path, TreeSet<String> into) {
        message.getFields()
                .forEach(field -> into.add("%s.%s %d %s%s"
                        .formatted(
                                path,
                                field.getName(),
                                field.getNumber(),
                                field.getType(),
                                field.isRepeated() ? " repeated" : "")));
        message.getEnumTypes().forEach(each -> values(each, path + "." + each.getName(), into));
    }

    private static void values(EnumDescriptor words, String path, TreeSet<String> into) {
        words.getValues().forEach(word -> into.add("%s.%s %d".formatted(path, word.getName(), word.getNumber())));
    }

    @Test
    void whatANewerProgramTellsSurvivesAnOlderOne() throws Exception {
        byte[] newer = Change.newBuilder()
                .setId(5)
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                4_000,
                                UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                        .build())
                .build()
                .toByteArray();
        Change read = Change.parseFrom(newer);
        assertThat(read.getWhatCase()).isEqualTo(Change.WhatCase.WHAT_NOT_SET);
        assertThat(read.toByteArray()).isEqualTo(newer);
    }

    /** Every kind has a topic, a key and JSON. */
    @ParameterizedTest
    @EnumSource(value = Change.WhatCase.class, mode = EnumSource.Mode.EXCLUDE, names = "WHAT_NOT_SET")
    void everyKindIsAboutSomething(Change.WhatCase kind) {
        var field = Change.getDescriptor().findFieldByNumber(kind.getNumber());
        var builder = Change.newBuilder().setId(3);
        Change change = builder.setField(
                        field, builder.newBuilderForField(field).build())
                .build();
        Told told = Told.of(3, Instant.EPOCH, "blob", field.getName(), "", change.toByteArray());
        assertThat(told.subject().topic()).isNotNull();
        assertThat(told.kind()).isEqualTo(field.getName());
        assertThat(told.json()).startsWith("{\"id\":\"3\"").contains("\"" + field.getJsonName() + "\"");
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = ChangesSchemaTest.class.getResourceAsStream("/golden/" + name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
