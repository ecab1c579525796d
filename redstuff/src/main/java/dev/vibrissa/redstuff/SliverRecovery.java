package dev.vibrissa.redstuff;

import dev.vibrissa.redstuff.code.ReedSolomon;
import java.util.BitSet;
import java.util.List;

/** Makes a sliver of symbols that slivers of the other axis have in common with it. */
final class SliverRecovery {
    private SliverRecovery() {}

    /**
     * @throws IllegalArgumentException if a symbol is for another sliver, of another size, there twice or beyond the shards, or if
     *     there are too few
     */
    static Sliver recover(
            EncodingConfig config, SliverType type, int target, int symbolBytes, List<RecoverySymbol> symbols) {
        int source = config.symbolsIn(type);
        byte[][] bySource = new byte[config.shards()][];
        var received = new BitSet(config.shards());
        for (RecoverySymbol symbol : symbols) {
            if (symbol.type() != type || symbol.target() != target || symbol.data().length != symbolBytes) {
                throw new IllegalArgumentException(
                        "%s for %s sliver %d with symbols of %d bytes".formatted(symbol, type, target, symbolBytes));
            }
            if (symbol.source() >= config.shards() || received.get(symbol.source())) {
                throw new IllegalArgumentException(
                        "a symbol of sliver %d, twice or beyond %d shards".formatted(symbol.source(), config.shards()));
            }
            received.set(symbol.source());
            bySource[symbol.source()] = symbol.data();
        }
        byte[] data = new byte[Math.toIntExact(config.sliverBytes(type, symbolBytes))];
        received.stream()
                .filter(index -> index < source)
                .forEach(index -> System.arraycopy(bySource[index], 0, data, index * symbolBytes, symbolBytes));
        ReedSolomon.Decoder decoder = config.expansionOf(type).decoder(received);
        var work = decoder.workspace(symbolBytes, symbolBytes, 1);
        decoder.decode(
                work,
                (index, rows, at) -> work.pack(bySource[index], 0, 1, rows, at, 0),
                (index, rows, at) -> work.unpack(rows, at, 0, 1, data, index * symbolBytes));
        return new Sliver(type, target, symbolBytes, data);
    }
}
