package dev.vibrissa.devnet.node;

import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.ExpandedSliver;
import dev.vibrissa.redstuff.RecoverySymbol;
import dev.vibrissa.redstuff.SliverType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;

/** Symbols out of a node's slivers, with which others recover slivers of the other axis. */
record SymbolQuestions(Slivers slivers) {
    /**
     * A symbol of the matrix.
     *
     * @param primary index of the primary sliver, the row
     * @param secondary index of the secondary sliver, the column
     */
    record SymbolId(int primary, int secondary) {
        /**
         * Reads {@code P-Q}.
         *
         * @throws IllegalArgumentException if it is anything else
         */
        static SymbolId parse(String text) {
            int dash = text.indexOf('-');
            if (dash < 0) {
                throw new IllegalArgumentException("'%s' is no symbol: P-Q is due".formatted(text));
            }
            return new SymbolId(Answers.u16(text.substring(0, dash)), Answers.u16(text.substring(dash + 1)));
        }

        private int of(SliverType type) {
            return type == SliverType.PRIMARY ? primary : secondary;
        }
    }

    /** Why there is no symbol, or the symbol. */
    private sealed interface Symbol {
        record Given(RecoverySymbol symbol) implements Symbol {}

        record Refused(Answer.Refused refusal) implements Symbol {}
    }

    private EncodingConfig config() {
        return slivers.config();
    }

    /** Named symbols, out of slivers of {@code axis}; or, if none is named, of whichever this node has. */
    Answer symbols(BlobId blobId, List<SymbolId> asked, Optional<SliverType> axis) {
        return answer(asked.stream().map(id -> symbol(blobId, id, axis)).toList());
    }

    private Symbol symbol(BlobId blobId, SymbolId id, Optional<SliverType> axis) {
        if (Math.max(id.primary(), id.secondary()) >= config().shards()) {
            return new Symbol.Refused(slivers.outOfRange(Math.max(id.primary(), id.secondary())));
        }
        List<SliverType> sources = axis.map(List::of)
                .orElseGet(() -> List.of(SliverType.values()).stream()
                        .filter(type -> slivers.isAssigned(blobId, pairOf(type, id)))
                        .toList());
        Symbol last = new Symbol.Refused(new Answer.Refused(
                Reason.SYMBOL_NOT_PRESENT_AT_SHARDS,
                "no shard of this node has symbol %d-%d of blob %s".formatted(id.primary(), id.secondary(), blobId)));
        for (SliverType source : sources) {
            last = symbol(blobId, source, pairOf(source, id), id.of(source.other()));
            if (last instanceof Symbol.Given) {
                return last;
            }
        }
        return last;
    }

    private int pairOf(SliverType type, SymbolId id) {
        return config().sliverIndex(type, id.of(type)); // the same mirror
    }

    private Symbol symbol(BlobId blobId, SliverType source, int pair, int target) {
        return switch (slivers.look(blobId, source, pair)) {
            case Looked.Found(var sliver) ->
                new Symbol.Given(new ExpandedSliver(config(), sliver).recoverySymbol(target));
            case Answer.Refused refused -> new Symbol.Refused(refused);
        };
    }

    /** All that this node can give to recover one sliver: a symbol of each of its pairs. */
    Answer symbolsFor(BlobId blobId, SliverType type, int target) {
        return target < config().shards()
                ? answer(gathered(blobId, pair -> symbol(blobId, type.other(), pair, target)))
                : slivers.outOfRange(target);
    }

    private List<Symbol> gathered(BlobId blobId, Function<Integer, Symbol> ofPair) {
        var symbols = new ArrayList<Symbol>();
        for (int pair = 0; pair < config().shards(); pair++) {
            if (slivers.isAssigned(blobId, pair)) {
                symbols.add(ofPair.apply(pair));
            }
        }
        return symbols;
    }

    /** Those that there are, or why there is none: the last reason, as with real nodes. */
    private static Answer answer(List<Symbol> symbols) {
        var out = new BcsWriter();
        List<RecoverySymbol> given = given(symbols);
        if (given.isEmpty()) {
            return refusal(symbols);
        }
        out.list(given, (to, each) -> to.raw(each.encode()));
        return new Answer.Bcs(out.toByteArray());
    }

    private static List<RecoverySymbol> given(List<Symbol> symbols) {
        return symbols.stream()
                .filter(Symbol.Given.class::isInstance)
                .map(each -> ((Symbol.Given) each).symbol())
                .toList();
    }

    private static Answer refusal(List<Symbol> symbols) {
        return symbols.stream()
                .filter(Symbol.Refused.class::isInstance)
                .map(each -> ((Symbol.Refused) each).refusal())
                .reduce((_, later) -> later)
                .orElseGet(() -> new Answer.Refused(
                        Reason.SYMBOL_NOT_PRESENT_AT_SHARDS, "this node has no shard that could have symbols"));
    }

    /** Symbols without proofs for systematic slivers. BCS: a map from target to symbols, each with the tag of the axis. */
    Answer decodingSymbols(BlobId blobId, SliverType type, SortedSet<Integer> targets) {
        if (targets.isEmpty()) {
            return new Answer.Refused(Reason.NO_TARGET_SLIVERS_SPECIFIED, "no target sliver is named");
        }
        int systematic = config().sliversToDecode(type);
        if (targets.last() >= systematic) {
            return new Answer.Refused(
                    Reason.RECOVERY_SYMBOL_OUT_OF_RANGE,
                    "%s sliver %d is not one of the %d systematic ones".formatted(type, targets.last(), systematic));
        }
        var out = new BcsWriter().uleb(targets.size());
        for (int target : targets) {
            List<Symbol> symbols = gathered(blobId, pair -> symbol(blobId, type.other(), pair, target));
            List<RecoverySymbol> given = given(symbols);
            if (given.isEmpty()) {
                return refusal(symbols);
            }
            out.u16(target)
                    .list(
                            given,
                            (to, each) ->
                                    to.u8(type.ordinal()).u16(each.source()).bytes(each.data()));
        }
        return new Answer.Bcs(out.toByteArray());
    }
}
