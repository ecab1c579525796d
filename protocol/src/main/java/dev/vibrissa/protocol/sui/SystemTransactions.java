package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.TransactionKind.ConsensusCommitPrologue;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Finds the way through system transactions, whose inner parts nobody here reads, and keeps those parts as bytes. */
final class SystemTransactions {
    private SystemTransactions() {}

    static ConsensusCommitPrologue prologue(int version, BcsReader in) {
        long epoch = in.u64();
        long round = in.u64();
        var subDagIndex = version >= 3 && in.bool() ? OptionalLong.of(in.u64()) : OptionalLong.empty();
        var timestamp = Instant.ofEpochMilli(in.u64());
        int start = in.position();
        if (version >= 2) {
            in.bytesOf(Digest.SIZE); // of the consensus commit
        }
        if (version >= 3) {
            assignedVersions(in);
        }
        if (version >= 4) {
            in.bytesOf(Digest.SIZE); // of additional state
        }
        return new ConsensusCommitPrologue(version, epoch, round, subDagIndex, timestamp, in.viewSince(start));
    }

    static void encode(ConsensusCommitPrologue prologue, BcsWriter out) {
        out.uleb(prologue.version() == 1 ? 3 : 5 + prologue.version());
        out.u64(prologue.epoch()).u64(prologue.round());
        if (prologue.version() >= 3) {
            out.bool(prologue.subDagIndex().isPresent());
            prologue.subDagIndex().ifPresent(out::u64);
        }
        out.u64(prologue.timestamp().toEpochMilli()).raw(prologue.rest());
    }

    /** Versions that cancelled transactions get for their shared objects. */
    private static void assignedVersions(BcsReader in) {
        // An object, its version; the newer variant puts the object's start version between them.
        int pair = in.variant("ConsensusDeterminedVersionAssignments", 2) == 0 ? 40 : 48;
        each(in, 34, transaction -> {
            transaction.bytesOf(Digest.SIZE);
            each(transaction, pair, object -> object.skip(pair));
        });
    }

    static Bytes systemPackages(BcsReader in) {
        int start = in.position();
        each(in, 10, code -> {
            code.u64();
            each(code, 1, BcsReader::skipBytes);
            each(code, 32, dependency -> dependency.skip(32));
        });
        return in.viewSince(start);
    }

    static Bytes providerKeys(BcsReader in) {
        int start = in.position();
        each(in, 14, key -> {
            for (int text = 0; text < 6; text++) { // issuer, key id, key type, exponent, modulus, algorithm
                key.skipBytes();
            }
            key.u64();
        });
        return in.viewSince(start);
    }

    static Bytes endOfEpochPayload(int variant, BcsReader in) {
        int start = in.position();
        switch (variant) {
            case 2 -> in.skip(16);
            case 5 -> in.bytesOf(Digest.SIZE);
            case 6, 12 -> in.skip(8);
            case 7 -> executionTimes(in);
            default -> {} // creates an object or a table: nothing to say
        }
        return in.viewSince(start);
    }

    private static void executionTimes(BcsReader in) {
        in.variant("StoredExecutionTimeObservations", 1);
        each(in, 2, observed -> {
            if (observed.variant("ExecutionTimeObservationKey", 7) == 0) {
                observed.skip(SuiAddress.SIZE);
                observed.skipBytes();
                observed.skipBytes();
                each(observed, 1, TypeTag::decode);
            }
            each(observed, 109, validator -> {
                validator.bytesOf(96);
                validator.skip(12);
            });
        });
    }

    private static void each(BcsReader in, int minItemBytes, Consumer<BcsReader> item) {
        for (int left = in.length(minItemBytes); left > 0; left--) {
            item.accept(in);
        }
    }
}
