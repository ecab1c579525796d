package dev.vibrissa.changes.webhook;

import dev.vibrissa.changes.Told;
import dev.vibrissa.changes.Topic;
import dev.vibrissa.changes.v1.ProposalKind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a webhook may be told of. */
public enum Event {
    /** An object ends within so many epochs. */
    EXPIRY,
    SCORE_DROP,
    COMMISSION_RAISE,
    PRICE_CHANGE,
    SLASHING_VOTE,
    NODE_LEAVING,
    /** All changes of a topic, as they are. */
    BLOB,
    OPERATOR,
    SCORE,
    PRICE,
    GOVERNANCE;

    /** Of the windows of scores, the one that is neither short nor for ever; else each drop would be told three times. */
    private static final String WINDOW = "30d";

    /** As it is written. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Event> ofWord(String word) {
        return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(Event::word).toList();
    }

    /** Whether a change is one. What ends soon is found when an epoch begins, and so is no change by itself. */
    boolean is(Told told, double leastDrop) {
        var change = told.change();
        return switch (this) {
            case EXPIRY -> false;
            case SCORE_DROP -> {
                var score = change.getScoreChanged();
                yield change.hasScoreChanged()
                        && score.getWindow().equals(WINDOW)
                        && score.getEnough()
                        && score.hasRankBefore()
                        && score.getRankBefore() - score.getRank() >= leastDrop;
            }
            case COMMISSION_RAISE ->
                change.hasCommissionAnnounced()
                        && change.getCommissionAnnounced().getRate()
                                > change.getCommissionAnnounced().getRateBefore();
            case PRICE_CHANGE -> change.hasPriceChanged();
            case SLASHING_VOTE ->
                change.hasProposalVoted() && change.getProposalVoted().getKind() == ProposalKind.SLASHING;
            case NODE_LEAVING -> change.hasNodeLeaving();
            case BLOB -> told.subject().topic() == Topic.BLOB;
            case OPERATOR -> told.subject().topic() == Topic.OPERATOR;
            case SCORE -> told.subject().topic() == Topic.SCORE;
            case PRICE -> told.subject().topic() == Topic.PRICE;
            case GOVERNANCE -> told.subject().topic() == Topic.GOVERNANCE;
        };
    }
}
