package dev.vibrissa.protocol.walrus.snapshot;

import dev.vibrissa.protocol.Id32;
import java.io.OutputStream;
import net.jpountz.xxhash.StreamingXXHash64;
import net.jpountz.xxhash.XXHashFactory;

/**
 * xxHash64 over what is written to it, as storage nodes publish it: over a snapshot with seed 0, over the ascending
 * keys of what was certified before an epoch and still is with the epoch as seed.
 *
 * @see "walrus, crates/walrus-service/src/node/consistency_check.rs"
 */
public final class Fingerprint extends OutputStream {
    // The plain Java one: the others reach into memory in ways that newer JVMs warn about.
    private final StreamingXXHash64 hash;
    private long entries;

    public Fingerprint(long seed) {
        hash = XXHashFactory.safeInstance().newStreamingHash64(seed);
    }

    @Override
    public void write(int b) {
        hash.update(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        hash.update(bytes, offset, length);
    }

    /** Adds a key, of one id or of several. */
    public void add(Id32<?>... key) {
        for (Id32<?> part : key) {
            hash.update(part.toByteArray(), 0, Id32.SIZE);
        }
        entries++;
    }

    /** How many keys were added. */
    public long entries() {
        return entries;
    }

    /** The hash of everything so far, of which nodes publish the signed reading. */
    public long value() {
        return hash.getValue();
    }

    /** 16 hex digits. */
    @Override
    public String toString() {
        return "%016x".formatted(value());
    }
}
