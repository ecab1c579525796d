package dev.vibrissa.devnet.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The stream to one caller, written by one thread. Nothing is queued here: the writer waits until the caller has room.
 */
final class Outbound<T> {
    /** How often a wait looks at what tells nobody when it changes, such as a script of faults. */
    private static final Duration GLANCE = Duration.ofMillis(200);

    /** What the writer does; it ends when the caller is gone. */
    @FunctionalInterface
    interface Writer<T> {
        void write(Outbound<T> out) throws CallerGoneException, InterruptedException;
    }

    /** The caller cancelled the call, or its connection broke. */
    static final class CallerGoneException extends Exception {
        private static final long serialVersionUID = 1;
    }

    private final ServerCallStreamObserver<T> stream;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private Outbound(ServerCallStreamObserver<T> stream) {
        this.stream = stream;
    }

    /** Writes on a thread of {@code threads}, since gRPC tells of room on the one it called us with. */
    static <T> void start(StreamObserver<T> responses, Executor threads, Writer<T> writer) {
        var stream = (ServerCallStreamObserver<T>) responses;
        var out = new Outbound<>(stream);
        stream.setOnReadyHandler(out::wake);
        stream.setOnCancelHandler(out::wake);
        threads.execute(() -> out.run(writer));
    }

    private void run(Writer<T> writer) {
        try {
            writer.write(this);
            stream.onCompleted();
        } catch (CallerGoneException e) {
            // Nobody is left to be told.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (!stream.isCancelled()) {
                stream.onError(Requests.status(e).asRuntimeException());
            }
        }
    }

    /** Sends a message once there is room for it. */
    void send(T message) throws CallerGoneException, InterruptedException {
        await(stream::isReady);
        stream.onNext(message);
    }

    boolean hasRoom() {
        return stream.isReady();
    }

    /** Waits until {@code condition} holds, which is looked at after every {@link #wake} and now and then. */
    void await(BooleanSupplier condition) throws CallerGoneException, InterruptedException {
        lock.lock();
        try {
            while (true) {
                if (stream.isCancelled()) {
                    throw new CallerGoneException();
                }
                if (condition.getAsBoolean()) {
                    return;
                }
                changed.await(GLANCE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has the writer look again at what it waits for. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
