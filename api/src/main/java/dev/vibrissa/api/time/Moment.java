package dev.vibrissa.api.time;

/**
 * A state that can be answered about.
 *
 * @param asOf what the answer will say it rests on
 * @param revision differs once something was written, also where the tip stands still and history is filled in
 * @param past whether later checkpoints exist, so that the answer cannot change any more
 */
public record Moment(AsOf asOf, String revision, boolean past) {
    public long checkpoint() {
        return asOf.checkpoint();
    }

    /** Walrus epoch by which objects are judged expired: 0 while none is known, which expires nothing. */
    public long epoch() {
        Long epoch = asOf.epoch();
        return epoch == null ? 0 : epoch;
    }

    public boolean isPartial() {
        return asOf.history().equals("partial");
    }
}
