package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * What may be taken of each node in a day: every request counts, whatever it is for, and every byte of a body. Nothing is
 * asked for that would not fit if it came whole. Safe for use by several threads.
 */
final class Budget {
    /** What was asked of a node, and read of its bodies. */
    record Spent(long bytes, long requests) {
        static final Spent NOTHING = new Spent(0, 0);

        Spent plus(Spent more) {
            return new Spent(bytes + more.bytes, requests + more.requests);
        }
    }

    private final long dayBytes;
    private final long dayRequests;
    private final Map<SuiAddress, Spent> today = new HashMap<>();
    private final Map<SuiAddress, Spent> unwritten = new HashMap<>();

    Budget(Method method) {
        this.dayBytes = method.dayBytes();
        this.dayRequests = method.dayRequests();
    }

    /** Forgets what it knew of the last day, but for what nobody has written down yet. */
    synchronized void begin(Map<SuiAddress, Spent> spent) {
        today.clear();
        today.putAll(spent);
        unwritten.forEach((node, more) -> today.merge(node, more, Spent::plus));
    }

    /** What is left of a node's. */
    synchronized Spent left(SuiAddress node) {
        Spent spent = today.getOrDefault(node, Spent.NOTHING);
        return new Spent(Math.max(0, dayBytes - spent.bytes()), Math.max(0, dayRequests - spent.requests()));
    }

    /**
     * Takes one request of so many bytes at most.
     *
     * @return false: it does not fit, and must not be made
     */
    synchronized boolean take(SuiAddress node, long mostBytes) {
        Spent left = left(node);
        if (left.requests() < 1 || left.bytes() < mostBytes) {
            return false;
        }
        add(node, new Spent(mostBytes, 1));
        return true;
    }

    /** Gives back what of a request's bytes did not come. */
    synchronized void settle(SuiAddress node, long mostBytes, long bytes) {
        add(node, new Spent(bytes - mostBytes, 0));
    }

    private void add(SuiAddress node, Spent more) {
        today.merge(node, more, Spent::plus);
        unwritten.merge(node, more, Spent::plus);
    }

    /** What was spent since this was last asked, to be written down. */
    synchronized Map<SuiAddress, Spent> unwritten() {
        var spent = Map.copyOf(unwritten);
        unwritten.clear();
        return spent;
    }
}
