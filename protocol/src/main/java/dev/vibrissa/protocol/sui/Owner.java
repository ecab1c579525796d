package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;

/** Who may use an object. */
public sealed interface Owner {
    /** An account, or an object that receives. */
    record AddressOwner(SuiAddress address) implements Owner {}

    /** Another object: this one is a dynamic field or the value of a dynamic object field. */
    record ObjectOwner(SuiAddress object) implements Owner {}

    /** Everybody, ordered by consensus. */
    record Shared(long initialVersion) implements Owner {}

    /** Nobody can change it any more; packages are always so. */
    record Immutable() implements Owner {}

    /** One account, but ordered by consensus. */
    record ConsensusAddress(long startVersion, SuiAddress owner) implements Owner {}

    static Owner decode(BcsReader in) {
        return switch (in.variant("Owner", 5)) {
            case 0 -> new AddressOwner(SuiAddress.decode(in));
            case 1 -> new ObjectOwner(SuiAddress.decode(in));
            case 2 -> new Shared(in.u64());
            case 3 -> new Immutable();
            default -> new ConsensusAddress(in.u64(), SuiAddress.decode(in));
        };
    }

    default void encode(BcsWriter out) {
        switch (this) {
            case AddressOwner(SuiAddress address) -> address.encode(out.uleb(0));
            case ObjectOwner(SuiAddress object) -> object.encode(out.uleb(1));
            case Shared(long initialVersion) -> out.uleb(2).u64(initialVersion);
            case Immutable() -> out.uleb(3);
            case ConsensusAddress(long startVersion, SuiAddress owner) ->
                owner.encode(out.uleb(4).u64(startVersion));
        }
    }
}
