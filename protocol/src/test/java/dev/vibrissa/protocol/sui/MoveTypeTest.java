package dev.vibrissa.protocol.sui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Move types are read from BCS and from text, and print as Sui prints them. */
class MoveTypeTest {
    private static final String TWO = "0x0000000000000000000000000000000000000000000000000000000000000002";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bool",
                "u256",
                "vector<vector<u8>>",
                TWO + "::sui::SUI",
                TWO + "::table::Table<address, vector<" + TWO + "::coin::Coin<" + TWO + "::sui::SUI>>>"
            })
    void printsWhatItReads(String text) {
        TypeTag type = TypeTag.parse(text);
        assertThat(type).hasToString(text);
        TypeTag read = BcsReader.decode(BcsWriter.encode(type, (out, each) -> each.encode(out)), TypeTag::decode);
        assertThat(read).isEqualTo(type);
    }

    @Test
    void readsShortAddressesAndSpaces() {
        assertThat(StructTag.parse("0x2::coin::Coin< 0x2::sui::SUI ,u8 >"))
                .hasToString(TWO + "::coin::Coin<" + TWO + "::sui::SUI, u8>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0x2",
                "0x2::coin",
                "0x2::coin::Coin<",
                "0x2::coin::Coin<>",
                "0x2::coin::Coin<u8",
                "u7",
                "vector",
                "u8u8",
                "vector<u8>>",
                "2::a::b",
                "0xg::a::b"
            })
    void refusesTextThatIsNoType(String text) {
        assertThatThrownBy(() -> TypeTag.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesTypesNestedTooDeep() {
        byte[] deep = new byte[40];
        Arrays.fill(deep, (byte) 6);
        deep[39] = 0;
        assertThatThrownBy(() -> BcsReader.decode(deep, TypeTag::decode))
                .isInstanceOf(BcsException.class)
                .hasMessageContaining("nested deeper than 16");
        String text = "vector<".repeat(39) + "u8" + ">".repeat(39);
        assertThatThrownBy(() -> TypeTag.parse(text)).hasMessageContaining("nested deeper than 16");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "01 | 0x2::coin::Coin<0x2::sui::SUI>",
                "02 | 0x3::staking_pool::StakedSui",
                "0302 | 0x2::coin::Coin<u64>",
                "04 | 0x2::dynamic_field::Field<0x2::accumulator::Key<0x2::balance::Balance<0x2::sui::SUI>>, 0x2::accumulator::U128>",
                "0502 | 0x2::dynamic_field::Field<0x2::accumulator::Key<0x2::balance::Balance<u64>>, 0x2::accumulator::U128>",
            })
    void objectsAbbreviateFrequentTypes(String bcs, String type) {
        byte[] bytes = HexFormat.of().parseHex(bcs);
        StructTag full = BcsReader.decode(bytes, MoveObjectType::decode);
        assertThat(full).isEqualTo(StructTag.parse(type));
        assertThat(BcsWriter.encode(full, (out, each) -> MoveObjectType.encode(each, out)))
                .isEqualTo(bytes);
    }
}
