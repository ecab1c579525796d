package dev.vibrissa.protocol.walrus.status;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.EpochEvent;
import dev.vibrissa.protocol.walrus.StoragePoolEvent;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Tells the life of one blob, fact by fact; objects and pools go by their labels. */
final class Story {
    static final BlobId BLOB = BlobId.parse("E7_nNXvFU_3qZVu3OH1yycRG7LZlyn1-UxEDCDDqGGU");
    static final long SIZE = 1_000_000;

    final BlobLife life;
    private long epoch;
    private int step;

    private Story(BlobLife life, long epoch) {
        this.life = life;
        this.epoch = epoch;
    }

    static Story completeFrom(long epoch) {
        return new Story(BlobLife.complete(BLOB), epoch);
    }

    static Story partialFrom(long epoch) {
        return new Story(BlobLife.partial(BLOB), epoch);
    }

    static SuiAddress id(String label) {
        return new SuiAddress(ByteBuffer.allocate(32)
                .put(31 - 8, (byte) 1)
                .putInt(28, label.hashCode())
                .array());
    }

    static EventId eventId(int step) {
        return new EventId(new Digest(ByteBuffer.allocate(32).putInt(28, step).array()), 0);
    }

    EventId registered(String object, long endEpoch, boolean deletable) {
        return tell(new BlobEvent.BlobRegistered(epoch, BLOB, SIZE, 1, endEpoch, deletable, id(object)));
    }

    EventId certified(String object, long endEpoch, boolean deletable) {
        return tell(new BlobEvent.BlobCertified(epoch, BLOB, endEpoch, deletable, id(object), false));
    }

    /**
     * @param since the epoch of the first certification, as the event carries it
     */
    EventId extended(String object, long since, long endEpoch, boolean deletable) {
        return tell(new BlobEvent.BlobCertified(since, BLOB, endEpoch, deletable, id(object), true));
    }

    EventId deleted(String object, long endEpoch, boolean wasCertified) {
        return tell(new BlobEvent.BlobDeleted(epoch, BLOB, endEpoch, id(object), wasCertified));
    }

    EventId invalidated() {
        return tell(new BlobEvent.InvalidBlobID(epoch, BLOB));
    }

    EventId denyListed() {
        return tell(new BlobEvent.DenyListBlobDeleted(epoch, BLOB));
    }

    EventId poolCreated(String pool, long endEpoch) {
        return tell(new StoragePoolEvent.StoragePoolCreated(epoch, id(pool), 1L << 30, epoch, endEpoch));
    }

    EventId poolExtended(String pool, long endEpoch) {
        return tell(new StoragePoolEvent.StoragePoolExtended(epoch, id(pool), endEpoch));
    }

    EventId registeredIn(String pool, String object, boolean deletable) {
        return tell(new BlobEvent.PooledBlobRegistered(epoch, BLOB, SIZE, 1, deletable, id(object), id(pool)));
    }

    EventId certifiedIn(String pool, String object, boolean deletable) {
        return tell(new BlobEvent.PooledBlobCertified(epoch, BLOB, deletable, id(object), id(pool)));
    }

    EventId deletedIn(String pool, String object, boolean wasCertified) {
        return tell(new BlobEvent.PooledBlobDeleted(epoch, BLOB, id(object), wasCertified, id(pool)));
    }

    EventId epochStarts(long epoch) {
        this.epoch = epoch;
        return tell(new EpochEvent.EpochChangeStart(epoch));
    }

    void burned(String object) {
        life.apply(new BlobFact.Burned(new Position(++step, 0), id(object)));
    }

    void observed(String object, Term term, long registeredEpoch, Optional<Long> certifiedEpoch, boolean deletable) {
        life.apply(new BlobFact.Observed(
                new Position(++step, 0), BLOB, id(object), term, SIZE, registeredEpoch, certifiedEpoch, deletable));
    }

    void poolObserved(String pool, long endEpoch) {
        life.apply(new BlobFact.PoolObserved(new Position(++step, 0), id(pool), endEpoch));
    }

    EventId tell(WalrusEvent event) {
        var id = eventId(++step);
        life.apply(new BlobFact.Happened(new Position(step, 0), id, event));
        return id;
    }

    BlobStatus status() {
        return life.status(epoch);
    }

    BlobState state() {
        return life.state(epoch);
    }

    long epoch() {
        return epoch;
    }
}
