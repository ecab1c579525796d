package dev.vibrissa.indexer.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.sui.StructTag;
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
}
