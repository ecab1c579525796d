package dev.vibrissa.verifier.probe;

/**
 * What is known about the time of a probe, other than by the node.
 *
 * @param shardsMoving an epoch change was under way or just over, by the chain: nodes may rightly differ on who has what; or
 *     the member had not yet reported that it received the shard, and was still in time
 * @param gone the chain says that the blob was deleted or called invalid after the frame was made
 * @param ownOutage the mass-failure rule or the control targets say that our own network was out, and that may explain what
 *     came back
 */
public record Circumstances(boolean shardsMoving, boolean gone, boolean ownOutage) {
    public static final Circumstances ORDINARY = new Circumstances(false, false, false);

    public Circumstances withOwnOutage(boolean out) {
        return new Circumstances(shardsMoving, gone, out);
    }
}
