package dev.vibrissa.protocol.sui.proof;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.CheckpointContents;
import dev.vibrissa.protocol.sui.CheckpointSummary;
import dev.vibrissa.protocol.sui.Committee;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.DigestKind;
import dev.vibrissa.protocol.sui.Event;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TransactionEffects;
import dev.vibrissa.protocol.sui.proof.Evidence.EventEvidence;
import dev.vibrissa.protocol.sui.proof.Evidence.ObjectEvidence;
import dev.vibrissa.protocol.sui.proof.EvidenceReport.Conclusion;
import dev.vibrissa.protocol.sui.proof.EvidenceReport.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Walks down one piece of evidence and writes down each step; stops at the first that does not hold. */
final class EvidenceCheck {
    private final Evidence evidence;
    private final Optional<Committee> trusted;
    private final List<Step> steps = new ArrayList<>();

    private EvidenceCheck(Evidence evidence, Optional<Committee> trusted) {
        this.evidence = evidence;
        this.trusted = trusted;
    }

    static EvidenceReport of(Evidence evidence, Optional<Committee> trusted) {
        return new EvidenceCheck(evidence, trusted).run();
    }

    private EvidenceReport run() {
        Bytes summaryBcs = evidence.anchor().summary();
        Digest digest = DigestKind.CHECKPOINT_SUMMARY.digest(summaryBcs);
        long checkpoint = 0;
        boolean holds;
        try {
            var summary = BcsReader.decode(summaryBcs, CheckpointSummary::decode);
            checkpoint = summary.sequenceNumber();
            holds = certificate() && contents(summary) && effectsListed() && fact();
        } catch (BcsException e) {
            holds = step("the bytes are what they should be", false, () -> String.valueOf(e.getMessage()));
        }
        Conclusion conclusion =
                !holds ? Conclusion.REFUTED : trusted.isPresent() ? Conclusion.PROVEN : Conclusion.CONSISTENT;
        return new EvidenceReport(checkpoint, digest, List.copyOf(steps), conclusion);
    }

    /** Passes without a committee: then nothing is claimed, and the conclusion says so. */
    private boolean certificate() {
        if (trusted.isEmpty()) {
            return true;
        }
        CertificateCheck check;
        try {
            check = new CommitteeVerifier(trusted.get())
                    .verify(evidence.anchor().summary(), evidence.anchor().signature());
        } catch (IllegalArgumentException e) {
            return step("the committee's keys are points", false, () -> String.valueOf(e.getMessage()));
        }
        return step("the committee signed the summary", check.isValid(), check::describe);
    }

    private boolean contents(CheckpointSummary summary) {
        Digest actual = DigestKind.CHECKPOINT_CONTENTS.digest(evidence.anchor().contents());
        return same("the summary digests the list of transactions", summary.contentDigest(), actual);
    }

    private boolean effectsListed() {
        var contents = BcsReader.decode(evidence.anchor().contents(), CheckpointContents::decode);
        Digest transaction = evidence.anchor().transaction();
        Optional<CheckpointContents.Entry> entry = contents.transactions().stream()
                .filter(each -> each.transaction().equals(transaction))
                .findFirst();
        return step("the list names the transaction", entry.isPresent(), transaction::toString)
                && same(
                        "the list digests the effects",
                        entry.orElseThrow().effects(),
                        DigestKind.EFFECTS.digest(evidence.anchor().effects()));
    }

    private boolean fact() {
        var effects = BcsReader.decode(evidence.anchor().effects(), TransactionEffects::decode);
        return same("the effects are the transaction's", evidence.anchor().transaction(), effects.transactionDigest())
                && switch (evidence) {
                    case EventEvidence event -> event(event, effects);
                    case ObjectEvidence object -> object(object, effects);
                };
    }

    private boolean event(EventEvidence evidence, TransactionEffects effects) {
        if (effects.eventsDigest().isEmpty()) {
            return step("the effects digest the events", false, () -> "the transaction emitted none");
        }
        if (!same(
                "the effects digest the events",
                effects.eventsDigest().get(),
                DigestKind.EVENTS.digest(evidence.events()))) {
            return false;
        }
        List<Event> events = BcsReader.decode(evidence.events(), Event::decodeList);
        int index = evidence.eventIndex();
        boolean there = index >= 0 && index < events.size();
        return step(
                "the events contain this one",
                there,
                () -> there
                        ? "event %d of %d, %s"
                                .formatted(
                                        index, events.size(), events.get(index).type())
                        : "event %d of %d".formatted(index, events.size()));
    }

    private boolean object(ObjectEvidence evidence, TransactionEffects effects) {
        var object = BcsReader.decode(evidence.object(), SuiObject::decode);
        Digest actual = DigestKind.OBJECT.digest(evidence.object());
        Optional<Digest> written = effects.changedObjects().stream()
                .filter(change -> change.id().equals(object.id()))
                .findFirst()
                .flatMap(EvidenceCheck::writtenDigest);
        return step(
                        "the effects wrote the object",
                        written.isPresent(),
                        () -> object.id().toString())
                && same("the effects digest the object", written.orElseThrow(), actual);
    }

    private static Optional<Digest> writtenDigest(ChangedObject change) {
        return switch (change.out()) {
            case OutputState.Written(Digest digest, Owner _) -> Optional.of(digest);
            case OutputState.PackageWritten(long _, Digest digest) -> Optional.of(digest);
            case OutputState.Absent _, OutputState.AccumulatorWritten _ -> Optional.empty();
        };
    }

    private boolean same(String claim, Digest expected, Digest actual) {
        return step(
                claim,
                expected.equals(actual),
                () -> expected.equals(actual) ? actual.toString() : "%s where %s is due".formatted(actual, expected));
    }

    private boolean step(String claim, boolean holds, Supplier<String> detail) {
        steps.add(new Step(claim, holds, detail.get()));
        return holds;
    }
}
