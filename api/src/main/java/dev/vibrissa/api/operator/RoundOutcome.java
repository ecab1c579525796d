package dev.vibrissa.api.operator;

/** What became of a member's chance to vote in a round: the same wherever votes are counted. */
public final class RoundOutcome {
    private RoundOutcome() {}

    /**
     * {@code cast}, {@code missed} or {@code open}: of the round {@code p}, the vote {@code b} that was cast in it, and
     * {@code now} with its checkpoint and epoch.
     */
    public static final String SQL = """
            case when b.node_id is not null then 'cast'
                when p.epoch >= now.epoch and (p.ended_checkpoint is null or p.ended_checkpoint > now.checkpoint) then 'open'
                else 'missed' end
            """;
}
