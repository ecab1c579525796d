package dev.vibrissa.indexer.source;

import com.google.protobuf.FieldMask;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.rpc.v2.ListDynamicFieldsRequest;
import io.grpc.StatusException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** The state of a chain as full nodes report it: each is asked for what those before it could not tell. */
final class ReportedState {
    private static final Logger LOG = Logger.getLogger(ReportedState.class);
    /** A minute, about: whoever starts us at a bad moment should not get an index without its beginning. */
    private static final int ROUNDS = 8;

    private static final Backoff BETWEEN_ROUNDS = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(20));
    private static final int PAGE = 1_000;
    /** More than a network of a thousand shards can have pools that matter. */
    private static final int MOST_PAGES = 20;

    private final Supplier<List<FullNode>> nodes;
    private final Ticker ticker;

    /** @param nodes best first, by what is known when they are asked */
    ReportedState(Supplier<List<FullNode>> nodes, Ticker ticker) {
        this.nodes = nodes;
        this.ticker = ticker;
    }

    Map<SuiAddress, Bytes> objectsBefore(
            long sequenceNumber, Collection<SuiAddress> ids, BiPredicate<SuiAddress, Bytes> isBelieved)
            throws InterruptedException {
        var objects = new HashMap<SuiAddress, Bytes>();
        var missing = new LinkedHashSet<>(ids);
        boolean mayPass = true;
        for (int round = 1; round <= ROUNDS && mayPass && !missing.isEmpty(); round++) {
            if (round > 1) {
                ticker.sleep(BETWEEN_ROUNDS.after(round - 1));
            }
            mayPass = false;
            for (FullNode node : nodes.get()) {
                if (missing.isEmpty()) {
                    break;
                }
                switch (new PastObjects(node, sequenceNumber).of(missing)) {
                    case PastObjects.Answer.Told(var found, var absent) -> {
                        missing.removeAll(absent);
                        found.forEach((id, bcs) -> {
                            if (isBelieved.test(id, bcs)) {
                                objects.put(id, bcs);
                                missing.remove(id);
                            } else {
                                LOG.warnf("source=%s fault=\"object %s is of another type\"", node.location(), id);
                            }
                        });
                    }
                    case PastObjects.Answer.Unavailable(var fault) -> {
                        mayPass = true;
                        LOG.warnf("source=%s round=%d fault=\"%s\"", node.location(), (Object) round, fault);
                    }
                    case PastObjects.Answer.Refused(var reason) ->
                        LOG.warnf("source=%s fault=\"%s\"", node.location(), reason);
                }
            }
        }
        if (!missing.isEmpty()) {
            LOG.warnf("nobody tells %d of %d objects before checkpoint %d", missing.size(), ids.size(), sequenceNumber);
        }
        return Map.copyOf(objects);
    }

    Set<SuiAddress> objectsIn(SuiAddress table) throws InterruptedException {
        for (FullNode node : nodes.get()) {
            try {
                return objectsIn(node, table);
            } catch (StatusException e) {
                FullNode.interruptIfAsked();
                LOG.warnf("source=%s fault=\"%s\"", node.location(), FullNode.describe(e));
            } catch (SourceException | IllegalArgumentException fault) {
                LOG.warnf("source=%s fault=\"%s\"", node.location(), fault.getMessage());
            }
        }
        return Set.of();
    }

    /** @throws IllegalArgumentException if the node lists what is no object id */
    private static Set<SuiAddress> objectsIn(FullNode node, SuiAddress table)
            throws StatusException, InterruptedException {
        var objects = new LinkedHashSet<SuiAddress>();
        var request = ListDynamicFieldsRequest.newBuilder()
                .setParent(table.toString())
                .setPageSize(PAGE)
                .setReadMask(FieldMask.newBuilder().addPaths("child_id"));
        for (int page = 1; page <= MOST_PAGES; page++) {
            var asked = request.build();
            var answer = node.askState(state -> state.listDynamicFields(asked));
            answer.getDynamicFieldsList().stream()
                    .filter(field -> field.hasChildId())
                    .forEach(field -> objects.add(SuiAddress.parse(field.getChildId())));
            if (answer.getNextPageToken().isEmpty()) { // an empty page is no end
                break;
            }
            request.setPageToken(answer.getNextPageToken());
        }
        return objects;
    }
}
