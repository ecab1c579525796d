package dev.vibrissa.verifier.probe;

import dev.vibrissa.verifier.node.Disproof;
import dev.vibrissa.verifier.node.Failure;

/** What one attempt came to. The names stand in the log and are part of the method. */
public enum Said {
    /** The right thing, and it held. */
    PROVEN,
    /** 404. */
    NOT_FOUND,
    /** The node says itself that it lacks slivers of the blob. */
    MISSING_SLIVERS,
    /** 451. */
    BLOCKED,
    /** Not its shard, not registered, or another epoch: the node sees the chain otherwise. */
    OTHER_VIEW,
    /** 429 or 503. */
    BUSY,
    /** Any other status, or a redirect. */
    REFUSED,
    /** Complete and false, or of a length or form that no right answer has. */
    FALSE,
    /** Committed to by the blob id, and of no blob: its writer's fault. */
    IMPOSSIBLE,
    /** A statement of the epoch before or after. */
    NEIGHBOUR_EPOCH,
    /** Another key than the one on the chain, or no TLS. */
    OTHER_IDENTITY,
    /** The record on the chain leads nowhere: no address, no key, or an address that nobody may connect to. */
    UNUSABLE_RECORD,
    /** No connection, no answer in time, or an answer cut off. */
    SILENT,
    /** We could not ask. */
    UNASKED;

    public static Said of(Failure failure) {
        return switch (failure) {
            case Failure.UnusableRecord _ -> UNUSABLE_RECORD;
            case Failure.AddressRefused refused -> refused.literal() ? UNUSABLE_RECORD : SILENT;
            case Failure.NameUnknown _,
                    Failure.Unreachable _,
                    Failure.TooLate _,
                    Failure.TooSlow _,
                    Failure.Cut _,
                    Failure.Garbled _ -> SILENT;
            case Failure.WrongKey _, Failure.NotAuthenticated _ -> OTHER_IDENTITY;
            case Failure.Refused refused ->
                switch (refused.refusal()) {
                    case NOT_FOUND -> NOT_FOUND;
                    case MISSING_SLIVERS -> MISSING_SLIVERS;
                    case BLOCKED -> BLOCKED;
                    case NOT_RESPONSIBLE, NOT_REGISTERED, OTHER_EPOCH -> OTHER_VIEW;
                    case BUSY -> BUSY;
                    case BROKEN, NOT_UNDERSTOOD, OTHER -> REFUSED;
                };
            case Failure.Redirected _ -> REFUSED;
            case Failure.WrongForm _, Failure.TooLarge _, Failure.WrongLength _ -> FALSE;
            case Failure.Disproven(Disproof disproof) ->
                switch (disproof) {
                    case Disproof.Impossible _ -> IMPOSSIBLE;
                    case Disproof.OtherEpoch other
                    when Math.abs(other.signed() - other.asked()) == 1 -> NEIGHBOUR_EPOCH;
                    case Disproof.OtherEpoch _,
                            Disproof.Malformed _,
                            Disproof.OtherBlob _,
                            Disproof.NotProven _,
                            Disproof.NotAsked _,
                            Disproof.NoneGiven _,
                            Disproof.OtherStatement _,
                            Disproof.OtherPersistence _,
                            Disproof.BadSignature _ -> FALSE;
                };
            case Failure.Crowded _, Failure.OwnFault _ -> UNASKED;
        };
    }
}
