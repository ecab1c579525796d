package dev.vibrissa.verifier.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A piece of network between us and one node, which can be cut: what runs through it ends, and nothing gets through. */
public final class Relay implements AutoCloseable {
    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int to;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    Relay(int to) throws IOException {
        this.to = to;
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return door.getLocalPort();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket here = door.accept();
                open.add(here);
                if (cut) {
                    here.close();
                    continue;
                }
                var there = new Socket(InetAddress.getLoopbackAddress(), to);
                open.add(there);
                copy(here, there);
                copy(there, here);
                if (cut) { // it may have been meanwhile
                    close(open);
                }
            } catch (IOException _) {
                // One connection less; of a closed door, the end.
            }
        }
    }

    private static void copy(Socket from, Socket to) {
        Thread.ofVirtual().start(() -> {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException _) {
                // Cut, or one side has gone: then the other goes too.
            }
        });
    }

    public void cut() {
        cut = true;
        close(open);
    }

    public void mend() {
        cut = false;
    }

    private static void close(Set<Socket> sockets) {
        for (Socket each : sockets) {
            try {
                each.close();
            } catch (IOException _) {
                // It is as closed as can be.
            }
        }
        sockets.clear();
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
    }
}
