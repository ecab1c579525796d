package dev.vibrissa.indexer.kafka;

import dev.vibrissa.kafka.v1.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints that came: some of their parts, whole ones before their turn, and those that were handed out and are not stored
 * yet. Of the projector's thread.
 *
 * <p>Memory is bounded by bytes as they came. What is held and what was handed out may each take as much; beyond that the
 * farthest is let go, and a batch has to be stored. Only the one that everything waits for may be larger.
 */
final class Arrivals {
    private static final int MOST_ASSEMBLIES = 64;

    /** Of a place in a topic that is no more: it holds up nobody. */
    private static final long NOWHERE = Long.MAX_VALUE;

    private final long roomBytes;
    private final TreeMap<Long, Arrival> held = new TreeMap<>();
    /** By partition and publisher. */
    private final Map<String, Assembly> assemblies = new HashMap<>();

    private final TreeMap<Long, Arrival> handedOut = new TreeMap<>();
    /** Of those held, and of those of which some parts came. */
    private long heldBytes;

    private long handedOutBytes;
    private long mostBytes;

    /**
     * A whole checkpoint.
     *
     * @param record its last part
     * @param offset of its first part
     */
    record Arrival(ConsumerRecord<byte[], byte[]> record, long offset, byte[] bytes, int attempt) {
        private Arrival ofAnotherTopic() {
            return new Arrival(record, NOWHERE, bytes, attempt);
        }
    }

    Arrivals(long roomBytes) {
        this.roomBytes = roomBytes;
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    boolean has(long number) {
        return held.containsKey(number);
    }

    /** Whether all of them are here, both ends included. */
    boolean has(long first, long last) {
        return held.subMap(first, true, Math.max(first, last), true).size() >= last - first + 1;
    }

    /** The farthest one that is here. */
    long farthest() {
        return held.lastKey();
    }

    /** The first one that is not stored, of those up to {@code next}. */
    long firstNotStored(long next) {
        return handedOut.isEmpty() ? next : Math.min(next, handedOut.firstKey());
    }

    /** Whether so much is held that nothing needs to be read while there is something to hand out. */
    boolean isHalfFull() {
        return heldBytes > roomBytes / 2;
    }

    /** Whether so much was handed out that it has to be stored. */
    boolean mustBeStored() {
        return handedOutBytes > roomBytes;
    }

    /** The most bytes that were ever held or handed out at a time. */
    long mostBytes() {
        return mostBytes;
    }

    /**
     * Takes in a part.
     *
     * @param isWanted otherwise it is only told apart from others
     * @return the whole, with its last part
     * @throws MalformedRecordException if it is not the next part of what its publisher began
     */
    Optional<Arrival> add(
            ConsumerRecord<byte[], byte[]> record, String publisher, Part part, int attempt, boolean isWanted) {
        if (part.getCount() == 1) {
            return isWanted
                    ? Optional.of(
                            new Arrival(record, record.offset(), part.getBytes().toByteArray(), attempt))
                    : Optional.empty();
        }
        String key = record.partition() + " " + publisher;
        Assembly begun = assemblies.remove(key); // back once this part is found to fit
        heldBytes -= begun == null ? 0 : begun.size();
        if (begun == null || part.getIndex() == 0) {
            begun = new Assembly(part, record.partition(), record.offset());
            if (isWanted) {
                letGoParts(begun.sequenceNumber, begun.sequenceNumber); // one is enough, and they may never be ended
            }
        } else {
            begun.add(part);
        }
        if (!isWanted) {
            begun.letGo();
        }
        if (begun.isWhole()) {
            return begun.isLetGo()
                    ? Optional.empty()
                    : Optional.of(new Arrival(record, begun.offset, begun.bytes(), attempt));
        }
        if (assemblies.size() >= MOST_ASSEMBLIES) {
            letGoParts(0, Long.MAX_VALUE);
            assemblies.clear(); // nobody ends them; what is missing is asked for again
        }
        assemblies.put(key, begun);
        heldBytes += begun.size();
        return Optional.empty();
    }

    /** Keeps one that is not here. */
    void keep(long number, Arrival arrival) {
        held.put(number, arrival);
        heldBytes += arrival.bytes().length;
    }

    /** Lets the farthest go, whole or in parts, until there is room, and tells them; never {@code next}. */
    List<Long> makeRoom(long next) {
        var gone = new ArrayList<Long>();
        while (heldBytes > roomBytes) {
            long farthest = held.isEmpty() ? next : held.lastKey();
            for (Assembly each : assemblies.values()) {
                farthest = each.isLetGo() ? farthest : Math.max(farthest, each.sequenceNumber);
            }
            if (farthest <= next) {
                break;
            }
            drop(farthest);
            letGoParts(farthest, farthest);
            gone.add(farthest);
        }
        mostBytes = Math.max(mostBytes, heldBytes + handedOutBytes);
        return gone;
    }

    /** Of all checkpoints from one to another. What is missing of them is passed over when it comes. */
    private void letGoParts(long first, long last) {
        for (Assembly each : assemblies.values()) {
            if (each.sequenceNumber >= first && each.sequenceNumber <= last) {
                heldBytes -= each.size();
                each.letGo();
            }
        }
    }

    /** It is here no longer. */
    @Nullable
    Arrival drop(long number) {
        Arrival dropped = held.remove(number);
        heldBytes -= dropped == null ? 0 : dropped.bytes().length;
        return dropped;
    }

    /** Those of attempts before {@code attempt} are here no longer, both ends included. */
    void dropOlder(long first, long last, int attempt) {
        held.subMap(first, true, last, true).entrySet().stream()
                .filter(each -> each.getValue().attempt() < attempt)
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::drop);
    }

    /** It may take the place of another that was handed out before. */
    void handOut(long number, Arrival arrival) {
        Arrival before = handedOut.put(number, arrival);
        handedOutBytes += arrival.bytes().length - (before == null ? 0 : before.bytes().length);
    }

    /** What was handed out from {@code first} on is here again. */
    void goBack(long first) {
        var again = handedOut.tailMap(first, true);
        again.forEach((number, each) -> {
            handedOutBytes -= each.bytes().length;
            keep(number, each);
        });
        again.clear();
    }

    /** Nothing is here any more but what was handed out. */
    void forget() {
        held.clear();
        assemblies.clear();
        heldBytes = 0;
    }

    /** Offsets of what was handed out mean nothing any more. */
    void leaveTopic() {
        handedOut.replaceAll((_, each) -> each.ofAnotherTopic());
    }

    /**
     * Lowers places to where everything after {@code last} can be read again.
     *
     * @param places by partition, the offset after the last record that was seen
     */
    void lower(Map<Integer, Long> places, long last) {
        letGoParts(0, last); // whoever never ends them does not hold up the place of their partition
        held.values().forEach(each -> lower(places, each.record().partition(), each.offset()));
        handedOut
                .tailMap(last, false)
                .values()
                .forEach(each -> lower(places, each.record().partition(), each.offset()));
        assemblies.values().stream()
                .filter(each -> !each.isLetGo())
                .forEach(each -> lower(places, each.partition, each.offset));
    }

    private static void lower(Map<Integer, Long> places, int partition, long offset) {
        places.computeIfPresent(partition, (_, place) -> Math.min(place, offset));
    }

    /** Those up to {@code last} are about to be stored. */
    void stored(long last) {
        var stored = handedOut.headMap(last, true);
        stored.values().forEach(each -> handedOutBytes -= each.bytes().length);
        stored.clear();
    }
}
