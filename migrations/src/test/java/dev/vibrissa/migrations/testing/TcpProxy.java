package dev.vibrissa.migrations.testing;

import dev.vibrissa.migrations.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The network between a client and a server, which a test can cut: open connections are reset, or go quiet as behind a
 * cable that was pulled, and new ones fare the same until it is mended. Whatever was under way when it went quiet is lost.
 */
public final class TcpProxy implements AutoCloseable {
    private final ServerSocket listening;
    private final String host;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Line line = Line.WHOLE;

    private enum Line {
        WHOLE,
        /** Connections are accepted, and nothing passes. */
        QUIET,
        /** Connections end at once. */
        RESET,
        CLOSED
    }

    public TcpProxy(String host, int port) {
        this.host = host;
        this.port = port;
        try {
            listening = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("proxy").start(this::accept);
    }

    /** In front of a database. */
    public static TcpProxy before(Database database) {
        var address = java.net.URI.create(database.jdbcUrl().substring("jdbc:".length()));
        return new TcpProxy(address.getHost(), address.getPort());
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** The same database through this proxy. */
    public Database through(Database database) {
        var address = java.net.URI.create(database.jdbcUrl().substring("jdbc:".length()));
        return new Database(
                database.jdbcUrl().replace(address.getHost() + ":" + address.getPort(), "127.0.0.1:" + port()),
                database.user(),
                database.password());
    }

    /** From now on nothing passes, in either direction, and nobody is told. */
    public void goQuiet() {
        become(Line.QUIET);
    }

    /** Ends every connection, and every new one at once. */
    public void reset() {
        become(Line.RESET);
        endAll();
    }

    /** New connections are whole again. Those that were quiet end: what was lost of them would be missing. */
    public void mend() {
        endAll();
        become(Line.WHOLE);
    }

    private void become(Line next) {
        lock.lock();
        try {
            if (line != Line.CLOSED) {
                line = next;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Line line() {
        lock.lock();
        try {
            return line;
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                switch (line()) {
                    case RESET, CLOSED -> end(client);
                    case QUIET -> open.add(client); // nobody reads it
                    case WHOLE -> connect(client);
                }
            } catch (IOException _) {
                // Closed, or the server is not there: the client was told by the end of its connection.
            }
        }
    }

    private void connect(Socket client) {
        open.add(client);
        try {
            var server = new Socket(host, port);
            open.add(server);
            Thread.ofVirtual().start(() -> pass(client, server));
            Thread.ofVirtual().start(() -> pass(server, client));
        } catch (IOException _) {
            end(client);
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[16 << 10];
        try {
            for (int n = from.getInputStream().read(buffer);
                    n >= 0;
                    n = from.getInputStream().read(buffer)) {
                if (line() == Line.QUIET) {
                    awaitChange();
                    break;
                }
                to.getOutputStream().write(buffer, 0, n);
            }
        } catch (IOException _) {
            // either side has ended: so does the other
        }
        if (line() == Line.QUIET) {
            awaitChange(); // the end of one side does not get through either
        }
        end(from);
        end(to);
    }

    private void awaitChange() {
        lock.lock();
        try {
            while (line == Line.QUIET) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void endAll() {
        open.forEach(this::end);
    }

    private void end(Socket socket) {
        open.remove(socket);
        try {
            socket.setSoLinger(true, 0); // a reset
            socket.close();
        } catch (IOException _) {
            // gone already
        }
    }

    @Override
    public void close() throws IOException {
        become(Line.CLOSED);
        listening.close();
        endAll();
    }
}
