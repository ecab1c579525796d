package dev.vibrissa.devnet.rpc;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Reads what callers write, and answers them. */
final class Requests {
    private static final Logger LOG = Logger.getLogger(Requests.class);

    private Requests() {}

    static SuiAddress address(String text, String field) {
        return parse(text, field, SuiAddress::parse);
    }

    static Digest digest(String text, String field) {
        return parse(text, field, Digest::parse);
    }

    /**
     * @throws StatusRuntimeException INVALID_ARGUMENT, naming the field
     */
    static <T> T parse(String text, String field, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw invalid(field, String.valueOf(e.getMessage()));
        }
    }

    static StatusRuntimeException invalid(String field, String reason) {
        return Status.INVALID_ARGUMENT.withDescription(field + ": " + reason).asRuntimeException();
    }

    static StatusRuntimeException notFound(String sentence) {
        return Status.NOT_FOUND.withDescription(sentence).asRuntimeException();
    }

    static <T> void answer(StreamObserver<T> responses, Supplier<T> answer) {
        try {
            responses.onNext(answer.get());
            responses.onCompleted();
        } catch (RuntimeException e) {
            responses.onError(status(e).asRuntimeException());
        }
    }

    /** What a caller is told of a fault; one of our own is logged. */
    static Status status(RuntimeException fault) {
        if (fault instanceof StatusRuntimeException known) {
            return known.getStatus();
        }
        LOG.error("a call failed", fault);
        return Status.INTERNAL.withDescription(fault.toString()).withCause(fault);
    }
}
