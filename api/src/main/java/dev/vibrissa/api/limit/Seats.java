package dev.vibrissa.api.limit;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToIntFunction;

/** What goes on at a time, by client. As many entries as there are things that go on, at most. */
final class Seats {
    private final ToIntFunction<Client> most;
    private final ConcurrentHashMap<Client, Integer> taken = new ConcurrentHashMap<>();

    /** @param most that a client may have at a time */
    Seats(ToIntFunction<Client> most) {
        this.most = most;
    }

    /** One seat of somebody, until it is given back; again and again does no harm. */
    final class Seat {
        private final Client client;
        private final AtomicBoolean given = new AtomicBoolean();

        private Seat(Client client) {
            this.client = client;
        }

        void giveBack() {
            if (given.compareAndSet(false, true)) {
                taken.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
            }
        }
    }

    /** Of all clients together. */
    int taken() {
        return taken.values().stream().mapToInt(Integer::intValue).sum();
    }

    int most(Client client) {
        return most.applyAsInt(client);
    }

    /** Empty: the client has as many as it may have. */
    Optional<Seat> take(Client client) {
        int most = most(client);
        boolean[] full = new boolean[1];
        taken.compute(client, (_, count) -> {
            int now = count == null ? 0 : count;
            full[0] = now >= most;
            return full[0] ? count : Integer.valueOf(now + 1);
        });
        return full[0] ? Optional.empty() : Optional.of(new Seat(client));
    }
}
