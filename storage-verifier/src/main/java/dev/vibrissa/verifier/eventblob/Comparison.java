package dev.vibrissa.verifier.eventblob;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.walrus.eventblob.Element;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader.Read;
import dev.vibrissa.protocol.walrus.status.EventId;
import dev.vibrissa.verifier.eventblob.Differences.Difference;
import dev.vibrissa.verifier.eventblob.Differences.What;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * An event blob held against our events, checkpoint by checkpoint: the same events, in the same order, with the same
 * bytes. Both sides are read in passing; of each one checkpoint is in memory.
 *
 * @param events of the file that were compared
 */
record Comparison(long events, Differences differences) {
    /** Rows of ours that the database hands over at a time. */
    private static final int FETCH = 1_000;

    private record Ours(long checkpoint, EventId id, String name, Bytes contents) {
        String text() {
            return name + " " + contents;
        }
    }

    private record Theirs(long index, EventId id, String name, Bytes contents) {
        String text() {
            return name + " " + contents;
        }

        boolean isSameAs(Ours ours) {
            return id.equals(ours.id()) && name.equals(ours.name()) && contents.equals(ours.contents());
        }
    }

    /**
     * Compares; up to the element that is not known here, if the file has one.
     *
     * @param db in a transaction, so that our rows are read in passing
     * @param from first checkpoint that is compared, at which or before which our rows begin
     */
    static Comparison of(Connection db, EventBlobFile file, long from) throws SQLException, IOException {
        var differences = new Differences();
        long events = 0;
        try (var reader = EventBlobReader.open(file.path());
                PreparedStatement select = db.prepareStatement("""
                        select checkpoint, tx_digest, walrus_ordinal, name, contents from event
                        where checkpoint between ? and ? order by checkpoint, tx_index, walrus_ordinal
                        """)) {
            select.setLong(1, from);
            select.setLong(2, file.lastCheckpoint());
            select.setFetchSize(FETCH);
            try (ResultSet rows = select.executeQuery()) {
                var ours = new OurEvents(rows);
                var theirs = new ArrayList<Theirs>();
                while (reader.next() instanceof Read(Element element)) {
                    if (element.checkpoint() < from) {
                        continue;
                    }
                    switch (element) {
                        case Element.Occurrence event -> {
                            events++;
                            theirs.add(new Theirs(
                                    event.index(),
                                    event.id(),
                                    event.event().name(),
                                    Bytes.of(event.event().toBcs())));
                        }
                        case Element.Boundary boundary -> {
                            compare(db, boundary.checkpoint(), theirs, ours.upTo(boundary.checkpoint()), differences);
                            theirs.clear();
                        }
                    }
                }
            }
        }
        return new Comparison(events, differences);
    }

    private static void compare(
            Connection db, long checkpoint, List<Theirs> theirs, List<Ours> ours, Differences differences)
            throws SQLException {
        if (isSame(theirs, ours)) {
            return;
        }
        var left = new LinkedHashMap<EventId, Ours>();
        ours.forEach(each -> left.put(each.id(), each));
        Set<EventId> seen = new HashSet<>();
        var common = new ArrayList<EventId>();
        for (Theirs each : theirs) {
            Ours same = left.remove(each.id());
            if (same != null) {
                common.add(each.id());
                if (!each.isSameAs(same)) {
                    differences.add(difference(What.ALTERED, checkpoint, each, Optional.of(same.text())));
                }
            } else if (seen.contains(each.id())) {
                differences.add(difference(What.MISSING, checkpoint, each, Optional.of("once, the file has it again")));
            } else {
                OptionalLong elsewhere = checkpointOf(db, each.id());
                differences.add(
                        elsewhere.isPresent()
                                ? difference(
                                        What.MOVED,
                                        checkpoint,
                                        each,
                                        Optional.of("at checkpoint " + elsewhere.getAsLong()))
                                : difference(What.MISSING, checkpoint, each, Optional.empty()));
            }
            seen.add(each.id());
        }
        for (Ours each : left.values()) {
            differences.add(new Difference(
                    What.SURPLUS,
                    each.checkpoint(),
                    OptionalLong.empty(),
                    each.id(),
                    Optional.empty(),
                    Optional.of(each.text())));
        }
        order(checkpoint, theirs, ours, common, differences);
    }

    /** Those that both have, in the file's order and in ours: the first that differs is told of, the rest follows. */
    private static void order(
            long checkpoint, List<Theirs> theirs, List<Ours> ours, List<EventId> common, Differences differences) {
        var inBoth = new HashSet<>(common);
        var ourOrder = ours.stream().map(Ours::id).filter(inBoth::contains).toList();
        for (int i = 0; i < common.size(); i++) {
            var id = common.get(i);
            if (!id.equals(ourOrder.get(i))) {
                theirs.stream()
                        .filter(each -> each.id().equals(id))
                        .findFirst()
                        .ifPresent(each -> differences.add(difference(
                                What.MOVED, checkpoint, each, Optional.of("in another order in the checkpoint"))));
                return;
            }
        }
    }

    private static boolean isSame(List<Theirs> theirs, List<Ours> ours) {
        if (theirs.size() != ours.size()) {
            return false;
        }
        for (int i = 0; i < theirs.size(); i++) {
            if (!theirs.get(i).isSameAs(ours.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static Difference difference(What what, long checkpoint, Theirs theirs, Optional<String> ours) {
        return new Difference(
                what, checkpoint, OptionalLong.of(theirs.index()), theirs.id(), Optional.of(theirs.text()), ours);
    }

    private static OptionalLong checkpointOf(Connection db, EventId id) throws SQLException {
        try (PreparedStatement select =
                db.prepareStatement("select checkpoint from event where tx_digest = ? and walrus_ordinal = ?")) {
            select.setBytes(1, id.transaction().toByteArray());
            select.setInt(2, id.ordinal());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    /** Our rows, one checkpoint after the other. */
    private static final class OurEvents {
        private final ResultSet rows;
        private boolean there;

        OurEvents(ResultSet rows) throws SQLException {
            this.rows = rows;
            this.there = rows.next();
        }

        /** The rows that come next, up to those of a checkpoint. */
        List<Ours> upTo(long checkpoint) throws SQLException {
            var events = new ArrayList<Ours>();
            while (there && rows.getLong(1) <= checkpoint) {
                events.add(new Ours(
                        rows.getLong(1),
                        new EventId(new Digest(rows.getBytes(2)), rows.getInt(3)),
                        rows.getString(4),
                        Bytes.of(rows.getBytes(5))));
                there = rows.next();
            }
            return events;
        }
    }
}
