package dev.vibrissa.verifier.node;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Look-ups in progress. One that hangs outlives the question that began it and cannot be ended, so there is one per host,
 * which all who ask meanwhile share, and so many in all. Nothing is kept once it is known: the next question looks anew.
 */
final class LookUps {
    /** Each holds a platform thread; a committee has a hundred nodes or so. */
    static final int MOST = 256;

    private final Resolver resolver;
    private final Semaphore room;
    private final Map<String, FutureTask<List<InetAddress>>> inProgress = new ConcurrentHashMap<>();

    LookUps(Resolver resolver, int most) {
        this.resolver = resolver;
        this.room = new Semaphore(most, true);
    }

    /**
     * The look-up of a host, begun unless somebody did.
     *
     * @return empty if within {@code patience} there was no room for one more
     */
    Optional<Future<List<InetAddress>>> of(String host, Duration patience) throws InterruptedException {
        Future<List<InetAddress>> others = inProgress.get(host);
        if (others != null) {
            return Optional.of(others);
        }
        if (!room.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return Optional.empty();
        }
        var mine = new FutureTask<>(() -> {
            try {
                return resolver.resolve(host);
            } finally {
                leave(host); // before anybody knows the result: who asks after that begins another
            }
        });
        others = inProgress.putIfAbsent(host, mine);
        if (others != null) {
            room.release();
            return Optional.of(others);
        }
        try {
            // A platform thread: a look-up blocks in native code, and would keep a carrier from other virtual threads.
            Thread.ofPlatform().daemon().name("looks up " + host).start(mine);
        } catch (OutOfMemoryError e) { // no thread to be had
            leave(host);
            throw e;
        }
        return Optional.of(mine);
    }

    private void leave(String host) {
        inProgress.remove(host);
        room.release();
    }
}
