package dev.vibrissa.indexer.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TypeTag;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypeLabelsTest {
    @ParameterizedTest
    @ValueSource(strings = {"blob::Blob", "blob::Unheard", "unheard::Blob", "storage_pool::StoragePoolInnerV1"})
    void nameKnownAndUnknownTypesAlike(String type) {
        var tag = StructTag.parse("0xabc::" + type);
        assertThat(TypeLabels.of(tag)).isEqualTo(type);
        assertThat(TypeLabels.ofFieldWith(tag)).isEqualTo("Field<" + type + ">");
    }

    @Test
    void ofAStrangersValueHaveABound() {
        TypeTag value = TypeTag.Primitive.U64;
        for (int i = 0; i < 15; i++) {
            value = new TypeTag.Struct(
                    new StructTag(SuiAddress.parse("0xbad"), "m", "Nested".repeat(20) + i, List.of(value)));
        }
        var key = StructTag.parse("0xabc::node_metadata::NodeMetadata");
        assertThat(TypeLabels.ofFieldUnder(key, value))
                .startsWith("Field<node_metadata::NodeMetadata, Nested")
                .hasSize(256);
        assertThat(TypeLabels.ofFieldUnder(key, TypeTag.parse("0x2::table::Table<address, vector<u8>>")))
                .isEqualTo("Field<node_metadata::NodeMetadata, Table<address, vector<u8>>>");
    }
}
