package dev.vibrissa.indexer.write;

/** Stored facts lack what projections are folded from: an older program wrote them. */
public final class FactsOutdatedException extends RuntimeException {
    FactsOutdatedException(long checkpoint) {
        super("the facts of checkpoint %d were stored by an older program and do not tell enough: index them anew"
                .formatted(checkpoint));
    }
}
