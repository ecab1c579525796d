package dev.vibrissa.verifier.node;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A socket that asks the policy once more when it connects, whatever led there: a name that was looked up twice, an
 * address written as such. And that reads no more than its share: whatever the layers above make of them, bytes are
 * bounded here, which bounds their memory and work for handshakes, endless headers and frames that carry nothing.
 */
final class GuardedSocket extends Socket {
    /** The policy refuses an address. */
    static final class RefusedException extends IOException {
        private final InetAddress address;
        private final String range;

        RefusedException(InetAddress address, String range) {
            super("%s lies in %s".formatted(address.getHostAddress(), range));
            this.address = address;
            this.range = range;
        }

        InetAddress address() {
            return address;
        }

        String range() {
            return range;
        }
    }

    /** More was sent than the whole answer could have. */
    static final class TooMuchException extends IOException {
        TooMuchException(long limitBytes) {
            super("more than %d bytes on one connection".formatted(limitBytes));
        }
    }

    /** Whether more may be read already. */
    @FunctionalInterface
    interface Pace {
        /**
         * Returns when it may.
         *
         * @throws TooMuchException if waiting is of no use
         */
        void keep() throws IOException;
    }

    private final AddressPolicy policy;
    private final long limitBytes;
    private final AtomicLong readBytes;
    private final Pace pace;

    /**
     * @param limitBytes that may be read from this socket
     * @param readBytes counts what is read
     * @param pace kept before every read
     */
    GuardedSocket(AddressPolicy policy, long limitBytes, AtomicLong readBytes, Pace pace) {
        super(Proxy.NO_PROXY); // one of SOCKS, which a system may have set, would connect to what it likes
        this.policy = policy;
        this.limitBytes = limitBytes;
        this.readBytes = readBytes;
        this.pace = pace;
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
        InetAddress address = endpoint instanceof InetSocketAddress inet ? inet.getAddress() : null;
        if (address == null) {
            throw new IOException("no address: " + endpoint);
        }
        var refusal = policy.refusalOf(address);
        if (refusal.isPresent()) {
            throw new RefusedException(address, refusal.get());
        }
        super.connect(endpoint, timeout);
        // HTTP/2 opens with several small writes: held back, each would wait for an acknowledgement, and be measured.
        setTcpNoDelay(true);
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
        connect(endpoint, 0);
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                keepPace();
                int value = super.read();
                count(value < 0 ? 0 : 1);
                return value;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                keepPace();
                int read = super.read(into, offset, length);
                count(read);
                return read;
            }
        };
    }

    private void keepPace() throws IOException {
        try {
            pace.keep();
        } catch (TooMuchException e) {
            close();
            throw e;
        }
    }

    private void count(int read) throws IOException {
        if (read > 0 && readBytes.addAndGet(read) > limitBytes) {
            close();
            throw new TooMuchException(limitBytes);
        }
    }
}
