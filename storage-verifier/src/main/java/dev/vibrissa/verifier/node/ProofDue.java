package dev.vibrissa.verifier.node;

import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.BlobMetadata;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.MetadataVerdict;
import dev.vibrissa.redstuff.RecoverySymbol;
import dev.vibrissa.redstuff.RedStuffFormatException;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.SliverVerdict;
import dev.vibrissa.redstuff.SymbolVerdict;
import dev.vibrissa.redstuff.VerifiedMetadata;
import dev.vibrissa.verifier.node.Outcome.Judgement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Answers that carry their proof: how long they are, and whether they hold. */
sealed interface ProofDue {
    /** Metadata, which the blob id commits to. */
    record OfMetadata(EncodingConfig config, BlobId blobId) implements ProofDue {
        /**
         * All honest metadata is as long. It is still an upper bound only: with empty nodes for hashes a writer can make
         * shorter metadata that its blob id commits to, and a node that keeps it must not be blamed.
         */
        int bytes() {
            return VerifiedMetadata.answerBytes(config);
        }

        Judgement<VerifiedMetadata> judge(byte[] body) {
            var requested = new dev.vibrissa.redstuff.BlobId(blobId.toByteArray());
            return switch (VerifiedMetadata.verify(config, requested, body)) {
                case MetadataVerdict.Accepted(VerifiedMetadata metadata) -> new Judgement.Held<>(metadata);
                case MetadataVerdict.Refused(MetadataVerdict.Reason reason, String detail) ->
                    switch (reason) {
                        case DECODE_ERROR ->
                            body.length < bytes()
                                    ? new Judgement.Failing<>(new Failure.WrongLength(bytes(), body.length))
                                    : Judgement.disproven(new Disproof.Malformed(detail));
                        case WRONG_BLOB_ID -> Judgement.disproven(new Disproof.OtherBlob(blobId, claimedIn(body)));
                        case BLOB_ID_MISMATCH -> Judgement.disproven(new Disproof.NotProven(detail));
                        // Found before the blob id was compared.
                        case INVALID_HASH_COUNT, UNENCODED_LENGTH_TOO_LARGE ->
                            Judgement.disproven(
                                    metadataIn(body).blobId().equals(requested)
                                            ? new Disproof.Impossible(detail)
                                            : new Disproof.NotProven(detail));
                    };
            };
        }

        /** Of a body that has been decoded before. */
        private static BlobMetadata metadataIn(byte[] body) {
            return BlobMetadata.decode(Arrays.copyOfRange(body, BlobId.SIZE, body.length));
        }

        private static BlobId claimedIn(byte[] body) {
            return new BlobId(Arrays.copyOf(body, BlobId.SIZE));
        }
    }

    /** A sliver, which metadata commits to. */
    record OfSliver(VerifiedMetadata metadata, int pair, SliverType type) implements ProofDue {
        public OfSliver {
            checkIndex("sliver pair", pair, metadata);
        }

        /** Of the whole answer, exactly; may exceed what fits an {@code int}. */
        long bytes() {
            return metadata.sliverAnswerBytes(type);
        }

        Judgement<Sliver> judge(byte[] body) {
            return switch (metadata.verifySliver(type, pair, body)) {
                case SliverVerdict.Accepted(Sliver sliver) -> new Judgement.Held<>(sliver);
                case SliverVerdict.Refused(SliverVerdict.Reason reason, String detail) ->
                    Judgement.disproven(
                            switch (reason) {
                                case DECODE_ERROR -> new Disproof.Malformed(detail);
                                case WRONG_SLIVER_INDEX ->
                                    new Disproof.NotAsked(
                                            "%s sliver %d"
                                                    .formatted(
                                                            type,
                                                            metadata.config().sliverIndex(type, pair)),
                                            detail);
                                case INDEX_TOO_LARGE,
                                        SLIVER_SIZE_MISMATCH,
                                        SYMBOL_SIZE_MISMATCH,
                                        MERKLE_ROOT_MISMATCH -> new Disproof.NotProven(detail);
                            });
            };
        }
    }

    /** Recovery symbols, each of which metadata commits to. */
    record OfSymbols(VerifiedMetadata metadata, SliverType source, List<SymbolId> asked) implements ProofDue {
        /** What fits the target of a request. */
        private static final int MAX_ASKED = 100;

        private static final int MERKLE_NODE_BYTES = 33;

        public OfSymbols {
            asked = List.copyOf(asked);
            if (asked.isEmpty() || asked.size() > MAX_ASKED || Set.copyOf(asked).size() != asked.size()) {
                throw new IllegalArgumentException(
                        "%d symbols, where 1 to %d different ones are due".formatted(asked.size(), MAX_ASKED));
            }
            for (SymbolId each : asked) {
                checkIndex("primary sliver", each.primary(), metadata);
                checkIndex("secondary sliver", each.secondary(), metadata);
            }
        }

        /** Most bytes of the answer; fewer if the node leaves symbols out, or where a path has empty nodes. */
        int bytes() {
            int depth = Integer.SIZE
                    - Integer.numberOfLeadingZeros(metadata.config().shards() - 1);
            int symbolBytes = metadata.symbolBytes();
            int lengthBytes = symbolBytes < 0x80 ? 1 : symbolBytes < 0x4000 ? 2 : 3;
            int each = 1 + 2 + lengthBytes + symbolBytes + 2 + 1 + depth * MERKLE_NODE_BYTES;
            return 1 + asked.size() * each;
        }

        Judgement<Symbols> judge(byte[] body) {
            List<RecoverySymbol> symbols;
            try {
                symbols = RecoverySymbol.decodeList(body);
            } catch (RedStuffFormatException e) {
                return Judgement.disproven(new Disproof.Malformed(String.valueOf(e.getMessage())));
            }
            if (symbols.isEmpty()) {
                return Judgement.disproven(new Disproof.NoneGiven(asked.size()));
            }
            var missing = new LinkedHashSet<>(asked);
            for (RecoverySymbol each : symbols) {
                if (each.type() != source.other() || !missing.remove(idOf(each))) {
                    return Judgement.disproven(new Disproof.NotAsked(
                            "symbols %s of %s slivers".formatted(Texts.shown(asked.toString()), source),
                            each.toString()));
                }
                SymbolVerdict verdict = metadata.verify(each);
                if (verdict != SymbolVerdict.ACCEPTED) {
                    return Judgement.disproven(new Disproof.NotProven("%s: %s".formatted(each, verdict)));
                }
            }
            return new Judgement.Held<>(new Symbols(symbols, new ArrayList<>(missing)));
        }

        private SymbolId idOf(RecoverySymbol symbol) {
            return source == SliverType.PRIMARY
                    ? new SymbolId(symbol.source(), symbol.target())
                    : new SymbolId(symbol.target(), symbol.source());
        }
    }

    private static void checkIndex(String what, int index, VerifiedMetadata metadata) {
        int shards = metadata.config().shards();
        if (index < 0 || index >= shards) {
            throw new IllegalArgumentException("%s %d of %d".formatted(what, index, shards));
        }
    }
}
