package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;

/** An object under consensus that a transaction named but did not change. */
public sealed interface UnchangedConsensusObject {
    int MIN_BYTES = 33;

    SuiAddress id();

    /** Read at this version. */
    record ReadOnlyRoot(SuiAddress id, long version, Digest digest) implements UnchangedConsensusObject {}

    /** Was to be changed, but had ended as a shared object by then. */
    record MutateEnded(SuiAddress id, long version) implements UnchangedConsensusObject {}

    /** Was to be read, but had ended as a shared object by then. */
    record ReadEnded(SuiAddress id, long version) implements UnchangedConsensusObject {}

    /** The transaction was cancelled, for the reason that this reserved version stands for. */
    record Cancelled(SuiAddress id, long version) implements UnchangedConsensusObject {}

    /** Configuration that holds for the whole epoch, such as a deny list. */
    record PerEpochConfig(SuiAddress id) implements UnchangedConsensusObject {}

    static UnchangedConsensusObject decode(BcsReader in) {
        SuiAddress id = SuiAddress.decode(in);
        return switch (in.variant("UnchangedConsensusKind", 5)) {
            case 0 -> new ReadOnlyRoot(id, in.u64(), Digest.decode(in));
            case 1 -> new MutateEnded(id, in.u64());
            case 2 -> new ReadEnded(id, in.u64());
            case 3 -> new Cancelled(id, in.u64());
            default -> new PerEpochConfig(id);
        };
    }

    default void encode(BcsWriter out) {
        id().encode(out);
        switch (this) {
            case ReadOnlyRoot(SuiAddress _, long version, Digest digest) ->
                digest.encodeWithLength(out.uleb(0).u64(version));
            case MutateEnded(SuiAddress _, long version) -> out.uleb(1).u64(version);
            case ReadEnded(SuiAddress _, long version) -> out.uleb(2).u64(version);
            case Cancelled(SuiAddress _, long version) -> out.uleb(3).u64(version);
            case PerEpochConfig _ -> out.uleb(4);
        }
    }
}
