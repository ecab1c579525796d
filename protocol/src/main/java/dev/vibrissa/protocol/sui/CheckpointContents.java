package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The transactions of a checkpoint in order of execution.
 *
 * @param version 1 or 2: how it is written; 2 adds the alias versions
 */
public record CheckpointContents(int version, List<Entry> transactions) {
    /** One transaction and what it led to, by digest, with the signatures of its senders. */
    public record Entry(Digest transaction, Digest effects, List<UserSignature> signatures) {}

    /**
     * A user's signature.
     *
     * @param bytes scheme flag (0 Ed25519 to 6 passkey) and what the scheme puts after it
     * @param aliasVersion version of the address alias object that allowed the signer, only in contents V2
     */
    public record UserSignature(Bytes bytes, OptionalLong aliasVersion) {}

    private static final int DIGEST_PAIR_BYTES = 66;

    public static CheckpointContents decode(BcsReader in) {
        return switch (in.variant("CheckpointContents", 2)) {
            case 0 -> decodeV1(in);
            default -> new CheckpointContents(2, in.list(DIGEST_PAIR_BYTES + 1, CheckpointContents::decodeEntry));
        };
    }

    /** Two lists side by side: digests, then signatures. */
    private static CheckpointContents decodeV1(BcsReader in) {
        record Pair(Digest transaction, Digest effects) {}
        var pairs = in.list(DIGEST_PAIR_BYTES, each -> new Pair(Digest.decode(each), Digest.decode(each)));
        int start = in.position();
        var signatures = in.list(each -> each.list(one -> new UserSignature(one.bytesView(), OptionalLong.empty())));
        if (signatures.size() != pairs.size()) {
            throw new BcsException(
                    "signatures of %d transactions for %d".formatted(signatures.size(), pairs.size()), start);
        }
        var entries = new ArrayList<Entry>(pairs.size());
        for (int i = 0; i < pairs.size(); i++) {
            entries.add(new Entry(pairs.get(i).transaction, pairs.get(i).effects, signatures.get(i)));
        }
        return new CheckpointContents(1, List.copyOf(entries));
    }

    private static Entry decodeEntry(BcsReader in) {
        return new Entry(
                Digest.decode(in),
                Digest.decode(in),
                in.list(
                        2,
                        each -> new UserSignature(
                                each.bytesView(), each.bool() ? OptionalLong.of(each.u64()) : OptionalLong.empty())));
    }

    public void encode(BcsWriter out) {
        out.uleb(version - 1);
        if (version == 1) {
            out.list(transactions, CheckpointContents::encodeDigests)
                    .list(
                            transactions,
                            (each, entry) ->
                                    each.list(entry.signatures, (one, signature) -> one.bytes(signature.bytes)));
        } else {
            out.list(transactions, (each, entry) -> {
                encodeDigests(each, entry);
                each.list(entry.signatures, CheckpointContents::encodeSignature);
            });
        }
    }

    private static void encodeDigests(BcsWriter out, Entry entry) {
        entry.transaction.encodeWithLength(out);
        entry.effects.encodeWithLength(out);
    }

    private static void encodeSignature(BcsWriter out, UserSignature signature) {
        out.bytes(signature.bytes).bool(signature.aliasVersion.isPresent());
        signature.aliasVersion.ifPresent(out::u64);
    }
}
