package dev.vibrissa.devnet.contract;

import dev.vibrissa.protocol.sui.Blake2b;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TypeTag;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.nio.charset.StandardCharsets;

/**
 * The packages that the contracts begin with: three versions of Walrus, since a type keeps the id of the version that
 * introduced it, two of its subsidies, and the coin.
 */
record WalrusPackages(
        SuiAddress walrus1,
        SuiAddress walrus2,
        SuiAddress walrus3,
        SuiAddress wal,
        SuiAddress subsidies1,
        SuiAddress subsidies2) {

    /** Ids of our own: nobody shall take this for mainnet. */
    static final WalrusPackages DEVNET = new WalrusPackages(
            id("walrus 1"), id("walrus 2"), id("walrus 3"), id("wal"), id("subsidies 1"), id("subsidies 2"));

    /** The packages of a network that is at version 3. */
    static WalrusPackages of(WalrusNetwork network) {
        var walrus = network.walrus().ids().sequencedValues().iterator();
        var subsidies = network.walrusSubsidies().ids().sequencedValues().iterator();
        return new WalrusPackages(
                walrus.next(),
                walrus.next(),
                walrus.next(),
                network.wal().original().orElseThrow(),
                subsidies.next(),
                subsidies.next());
    }

    /** An id that follows from a name. */
    static SuiAddress id(String name) {
        return new SuiAddress(Blake2b.hash(("vibrissa devnet: " + name).getBytes(StandardCharsets.UTF_8)));
    }

    /** A type of Walrus's first version. */
    StructTag since1(String module, String name) {
        return new StructTag(walrus1, module, name);
    }

    /** A type that came with Walrus's third version. */
    StructTag since3(String module, String name) {
        return new StructTag(walrus3, module, name);
    }

    /** WAL, the type parameter of its coins. */
    TypeTag walType() {
        return new TypeTag.Struct(new StructTag(wal, "wal", "WAL"));
    }
}
