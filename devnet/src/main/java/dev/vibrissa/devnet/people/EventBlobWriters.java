package dev.vibrissa.devnet.people;

import dev.vibrissa.devnet.ledger.Ledger;
import dev.vibrissa.devnet.ledger.Sender;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.Event;
import dev.vibrissa.protocol.sui.ExecutedTransaction;
import dev.vibrissa.protocol.sui.Part;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.Decoding;
import dev.vibrissa.protocol.walrus.EpochEvent.EpochChangeStart;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.eventblob.Element;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobHeader;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobWriter;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.protocol.walrus.object.StorageNodeCap;
import dev.vibrissa.protocol.walrus.object.SystemStateInner.EventBlob;
import dev.vibrissa.protocol.walrus.status.EventId;
import dev.vibrissa.redstuff.EncodingConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What all storage nodes do alike: they write down the events of the sealed chain, cut a file after so many checkpoints,
 * and attest to it, one file at a time. One writer stands for all of them, since each would write the same bytes; every
 * operator whose node is up attests for itself.
 */
public final class EventBlobWriters implements Actor {
    private static final Logger LOG = Logger.getLogger(EventBlobWriters.class);

    private final Ledger ledger;
    private final Walrus walrus;
    private final Fleet fleet;
    private final List<Sender> operators;
    private final EncodingConfig config;
    private final int checkpoints;
    private final Path file;

    /** Where the file begins that is not certified yet. */
    private Beginning beginning;

    private @Nullable Candidate candidate;

    /**
     * The state between two files.
     *
     * @param epoch in force
     */
    private record Beginning(long checkpoint, long index, long epoch) {}

    /** A file that is written and not certified yet, and what comes after it. */
    private record Candidate(Draft draft, EventBlob event, Beginning next) {}

    /**
     * @param checkpoints of a file
     * @param file where the beginning of the current one is remembered; can be made again
     */
    public EventBlobWriters(
            Ledger ledger,
            Walrus walrus,
            Fleet fleet,
            List<Sender> operators,
            EncodingConfig config,
            int checkpoints,
            Path file) {
        this.ledger = ledger;
        this.walrus = walrus;
        this.fleet = fleet;
        this.operators = operators;
        this.config = config;
        this.checkpoints = checkpoints;
        this.file = file;
        this.beginning = remembered().orElse(new Beginning(0, 0, 0));
    }

    @Override
    public void act(Turn turn) {
        StakingInner staking = walrus.state().stakingInner();
        if (staking.epoch() == 0) {
            return;
        }
        Optional<EventBlob> head = head();
        catchUp(head);
        if (candidate == null && ledger.tip() >= beginning.checkpoint + checkpoints - 1) {
            candidate = write(head.map(EventBlob::blobId));
            fleet.store(candidate.draft.blob());
        }
        if (candidate != null) {
            attest(candidate, staking);
        }
    }

    private Optional<EventBlob> head() {
        return walrus.state().systemInner().eventBlobCertificationState().latestCertifiedBlob();
    }

    /** A file that was certified is over; after a start from the beginning, so are all that came before it. */
    private void catchUp(Optional<EventBlob> head) {
        while (head.isPresent() && head.get().endingCheckpointSequenceNumber() >= beginning.checkpoint) {
            if (candidate != null && candidate.event.equals(head.get())) {
                fleet.store(candidate.draft.blob()); // whoever swept it before it was registered
                beginning = candidate.next;
            } else {
                beginning = read(beginning, beginning.checkpoint + checkpoints - 1, (_, _) -> {});
            }
            candidate = null;
            remember();
        }
    }

    private Candidate write(Optional<BlobId> previous) {
        long last = beginning.checkpoint + checkpoints - 1;
        var bytes = new ByteArrayOutputStream();
        try {
            var writer = new EventBlobWriter(bytes, new EventBlobHeader(beginning.epoch, previous));
            Beginning next = read(beginning, last, writer::add);
            writer.end();
            var draft = Draft.of(config, bytes.toByteArray());
            return new Candidate(draft, new EventBlob(draft.blob().blobId(), last), next);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Sink {
        void add(long checkpoint, byte[] payload) throws IOException;
    }

    /** Reads checkpoints up to {@code last}, and says what comes after. */
    private Beginning read(Beginning from, long last, Sink sink) {
        long index = from.index;
        long epoch = from.epoch;
        try {
            for (long number = from.checkpoint; number <= last; number++) {
                byte[] message = ledger.checkpoint(number).orElseThrow();
                long counter = 0;
                for (ExecutedTransaction each :
                        CheckpointFile.read(message, number + ".binpb").transactions()) {
                    int ordinal = 0;
                    for (Event event : each.events().flatMap(Part::decoded).orElse(List.of())) {
                        if (!walrus.isEvent(event)) {
                            continue;
                        }
                        var id = new EventId(each.digest(), ordinal++);
                        switch (WalrusEvent.decode(event.type().name(), event.contents())) {
                            case Decoding.Known<WalrusEvent>(WalrusEvent known) -> {
                                sink.add(number, payload(new Element.Occurrence(index, number, counter, id, known)));
                                epoch = known instanceof EpochChangeStart start ? start.epoch() : epoch;
                            }
                            case Decoding.Unknown<WalrusEvent> _, Decoding.Malformed<WalrusEvent> _ ->
                                sink.add(number, ofLater(event, id, index, number, counter));
                        }
                        index++;
                        counter++;
                    }
                }
                sink.add(number, payload(new Element.Boundary(index++, number, counter)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Beginning(last + 1, index, epoch);
    }

    private static byte[] payload(Element element) {
        return BcsWriter.encode(element, (out, each) -> each.encode(out));
    }

    /** An event that came with an upgrade: nodes of that version write it as a variant of their own. */
    private static byte[] ofLater(Event event, EventId id, long index, long checkpoint, long counter) {
        var out = new BcsWriter().uleb(0).uleb(Element.KNOWN_FAMILIES).uleb(0).raw(event.contents());
        id.transaction().encodeWithLength(out);
        return out.u64(id.ordinal()).u64(checkpoint).u64(counter).u64(index).toByteArray();
    }

    /** Whoever has not attested to it yet in this epoch does, until a quorum has. */
    private void attest(Candidate written, StakingInner staking) {
        for (Sender operator : operators) {
            Optional<StorageNodeCap> cap = Operator.cap(walrus, operator.address());
            if (cap.isEmpty()
                    || !staking.committee().shards().containsKey(cap.get().nodeId())) {
                continue;
            }
            boolean isUp = fleet.node(cap.get().nodeId())
                    .filter(node -> !Fleet.isDown(node))
                    .isPresent();
            boolean has = cap.get()
                    .lastEventBlobAttestation()
                    .filter(last -> last.epoch() == staking.epoch()
                            && last.checkpointSequenceNum() >= written.event.endingCheckpointSequenceNumber())
                    .isPresent();
            if (!isUp || has) {
                continue;
            }
            operator.execute(ptb -> walrus.operatorCalls(ptb)
                    .certifyEventBlob(
                            ptb.object(cap.get().id()),
                            written.draft.content(),
                            written.event.endingCheckpointSequenceNumber(),
                            staking.epoch()));
            if (head().equals(Optional.of(written.event))) {
                LOG.debugf("event blob certified checkpoint=%d", written.event.endingCheckpointSequenceNumber());
                return;
            }
        }
    }

    private Optional<Beginning> remembered() {
        try {
            String[] numbers = Files.readString(file).strip().split(" ", -1);
            return Optional.of(
                    new Beginning(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2])));
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException _) {
            return Optional.empty(); // all checkpoints are read again
        }
    }

    private void remember() {
        Path next = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.writeString(next, "%d %d %d%n".formatted(beginning.checkpoint, beginning.index, beginning.epoch));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warnf("a later start will read more file=%s reason=\"%s\"", file, e);
        }
    }
}
