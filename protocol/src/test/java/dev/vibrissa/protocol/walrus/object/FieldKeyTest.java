package dev.vibrissa.protocol.walrus.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TypeTag;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Derives the ids of the fields that hold versioned state; the table is recorded from both networks. */
class FieldKeyTest {
    @ParameterizedTest
    @CsvSource({
        "mainnet, 1, 0xc5e430c7c517e99da14e67928b360f3260de47cb61f55338cdd9119f519c282c,"
                + " 0x5849e7cdbdaad46b6c68a5462ed1fc58c302862785769b450c882679bc452999",
        "mainnet, 2, 0xe7d356f61c74ad511214bb69dc9e38f7cc364c085b007c6ea81461fc8ebe7dfe,"
                + " 0x16f1f9fcdf5a746da423d1ad055d88f88b24a9272ca8afb4c0dcf074ae6c730a",
        "mainnet, 3, 0x0b2d4076d3a0b82a632144e835cd972527b185bda9d55011a9cc38fe557a475d,"
                + " 0xa1d6719d0447c536a41688d5762449782bed731ac708659d98f9bff668b555b3",
        "mainnet, 4, 0xe673402a7e80b174ada34edd9e028e3024c0cdc11155602535e3fee8d6dbf4d7,"
                + " 0x0ae6c892c35c5532c69c00e1655936ec11b701a3b04951dc63420386e37ef3cb",
        "testnet, 1, 0x47dda15c68c588d495849ca92acda9dfd9b2e0d51bfb712e4255ddb741768037,"
                + " 0x137b0072b0fdab6cce925b78112f6635dc9759408c7eba7f67ba513da4436b44",
        "testnet, 2, 0xe567f65413d10d585bbec909f46f11c5fc666061e1ede471b840f3d1cf25eaaa,"
                + " 0x93429364cd0447556847e7e96f15c20411e9cc9769c0877e5b6e99732a73a006",
        "testnet, 3, 0x7fb94d17d38b895b1aaa25319343970b04b3cebfba7940ceddff8dfcedade095,"
                + " 0x5343c053fbd861264dcd24ce3eabf652c671e3afa7d25f90b0986a7462830171",
    })
    void findsTheInnerStateOfSystemAndStaking(String network, long version, String systemInner, String stakingInner) {
        var objects = network(network).objects();

        assertThat(FieldKey.u64(version).under(objects.system())).hasToString(systemInner);
        assertThat(FieldKey.u64(version).under(objects.staking())).hasToString(stakingInner);
    }

    @ParameterizedTest
    @CsvSource({
        "mainnet, 0x3950c63a67981d8f79aa4a59e0670f50c8e9c42a4913f4aa1af30ea7eac935f8",
        "testnet, 0x95d4ab036b0d83013408a3a05e5d2fba5883f756edebb59a49386995505ad210",
    })
    void findsTheInnerStateOfTheSubsidies(String name, String inner) {
        var network = network(name);
        SuiAddress original = network.walrusSubsidies().original().orElseThrow();
        SuiAddress subsidies = network.objects().walrusSubsidies().orElseThrow();

        assertThat(FieldKey.unit(original, "walrus_subsidies", "SubsidiesInnerKey")
                        .under(subsidies))
                .hasToString(inner);
    }

    @Test
    void takesKeysOfAnyType() {
        var parent = WalrusNetwork.mainnet().objects().staking();
        byte[] id = parent.toByteArray();

        assertThat(FieldKey.of(TypeTag.parse("u64"), new byte[] {4, 0, 0, 0, 0, 0, 0, 0})
                        .under(parent))
                .isEqualTo(FieldKey.u64(4).under(parent));
        assertThat(FieldKey.of(TypeTag.parse("0x2::dynamic_object_field::Wrapper<0x2::object::ID>"), id)
                        .under(parent))
                .isEqualTo(FieldKey.id(parent).wrapped().under(parent));
    }

    private static WalrusNetwork network(String name) {
        return name.equals("mainnet") ? WalrusNetwork.mainnet() : WalrusNetwork.testnet();
    }
}
