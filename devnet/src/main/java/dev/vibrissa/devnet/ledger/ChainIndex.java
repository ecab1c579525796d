package dev.vibrissa.devnet.ledger;

import dev.vibrissa.devnet.ledger.ChainReader.Position;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TransactionEffects;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Where things are: checkpoints and transactions by digest, versions of objects. Safe for use by several threads. */
final class ChainIndex {
    /** A version of an object that a checkpoint wrote. */
    record Version(SuiAddress id, long number) {
        static Version decode(BcsReader in) {
            return new Version(SuiAddress.decode(in), in.u64());
        }

        void encode(BcsWriter out) {
            id.encode(out);
            out.u64(number);
        }
    }

    /** What one checkpoint adds. */
    record Entry(long sequenceNumber, Digest digest, List<Digest> transactions, List<Version> written) {
        static Entry decode(BcsReader in) {
            return new Entry(in.u64(), Digest.decode(in), in.list(33, Digest::decode), in.list(40, Version::decode));
        }

        void encode(BcsWriter out) {
            digest.encodeWithLength(out.u64(sequenceNumber));
            out.list(transactions, (each, transaction) -> transaction.encodeWithLength(each))
                    .list(written, (each, version) -> version.encode(each));
        }
    }

    private final Map<Digest, Long> checkpoints = new ConcurrentHashMap<>();
    private final Map<Digest, Position> transactions = new ConcurrentHashMap<>();
    private final Map<Version, Long> versions = new ConcurrentHashMap<>();

    static Entry entry(long sequenceNumber, Digest digest, List<TransactionEffects> effects) {
        var written = new ArrayList<Version>();
        for (TransactionEffects each : effects) {
            for (ChangedObject change : each.changedObjects()) {
                switch (change.out()) {
                    case OutputState.Written _ -> written.add(new Version(change.id(), each.lamportVersion()));
                    case OutputState.PackageWritten(long version, Digest _) ->
                        written.add(new Version(change.id(), version));
                    case OutputState.Absent _, OutputState.AccumulatorWritten _ -> {}
                }
            }
        }
        return new Entry(
                sequenceNumber,
                digest,
                effects.stream().map(TransactionEffects::transactionDigest).toList(),
                List.copyOf(written));
    }

    void add(Entry entry) {
        checkpoints.put(entry.digest, entry.sequenceNumber);
        for (int i = 0; i < entry.transactions.size(); i++) {
            transactions.put(entry.transactions.get(i), new Position(entry.sequenceNumber, i));
        }
        for (Version version : entry.written) {
            versions.put(version, entry.sequenceNumber);
        }
    }

    Optional<Long> checkpoint(Digest digest) {
        return Optional.ofNullable(checkpoints.get(digest));
    }

    Optional<Position> transaction(Digest digest) {
        return Optional.ofNullable(transactions.get(digest));
    }

    /** The checkpoint that wrote this version. */
    Optional<Long> written(SuiAddress id, long version) {
        return Optional.ofNullable(versions.get(new Version(id, version)));
    }
}
