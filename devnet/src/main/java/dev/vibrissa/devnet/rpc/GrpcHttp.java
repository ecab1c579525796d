package dev.vibrissa.devnet.rpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes gRPC over HTTP/2 and gRPC-Web over any HTTP and makes calls on a channel of them. Only calls with one request
 * message are known here, as {@code sui.rpc.v2} has no others.
 */
final class GrpcHttp {
    /** Requests are filters and lists of ids. */
    private static final int MAX_REQUEST_BYTES = 4 << 20;

    private static final Pattern TIMEOUT = Pattern.compile("(\\d{1,8})([HMSmun])");

    private static final MethodDescriptor.Marshaller<InputStream> AS_IT_IS = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(InputStream message) {
            return message;
        }

        @Override
        public InputStream parse(InputStream message) {
            return message;
        }
    };

    private final Channel channel;

    GrpcHttp(Channel channel) {
        this.channel = channel;
    }

    /** Answers on the event loop of the request. */
    void handle(HttpServerRequest request, String path, String contentType) {
        GrpcCall.Wire wire = wire(contentType);
        if (wire == GrpcCall.Wire.GRPC && request.version() != HttpVersion.HTTP_2) {
            request.response()
                    .setStatusCode(415)
                    .end("gRPC needs HTTP/2; over %s there is gRPC-Web".formatted(request.version()));
            return;
        }
        var body = Buffer.buffer();
        request.handler(part -> {
            if (body.length() + part.length() > MAX_REQUEST_BYTES) {
                request.response()
                        .setStatusCode(413)
                        .end("a request has at most %d bytes".formatted(MAX_REQUEST_BYTES));
                request.handler(_ -> {});
                request.endHandler(_ -> {});
            } else {
                body.appendBuffer(part);
            }
        });
        request.endHandler(_ -> {
            var call = channel.newCall(method(path), options(request.getHeader("grpc-timeout")));
            GrpcCall.start(call, body, request.response(), wire);
        });
    }

    private static GrpcCall.Wire wire(String contentType) {
        if (contentType.startsWith("application/grpc-web-text")) {
            return GrpcCall.Wire.WEB_TEXT;
        }
        return contentType.startsWith("application/grpc-web") ? GrpcCall.Wire.WEB : GrpcCall.Wire.GRPC;
    }

    private static MethodDescriptor<InputStream, InputStream> method(String path) {
        return MethodDescriptor.newBuilder(AS_IT_IS, AS_IT_IS)
                .setFullMethodName(path.substring(1))
                .setType(MethodType.SERVER_STREAMING)
                .build();
    }

    private static CallOptions options(@Nullable String timeout) {
        var parsed = TIMEOUT.matcher(timeout == null ? "" : timeout);
        if (!parsed.matches()) {
            return CallOptions.DEFAULT;
        }
        long amount = Long.parseLong(parsed.group(1));
        return switch (parsed.group(2).charAt(0)) {
            case 'H' -> CallOptions.DEFAULT.withDeadlineAfter(amount, TimeUnit.HOURS);
            case 'M' -> CallOptions.DEFAULT.withDeadlineAfter(amount, TimeUnit.MINUTES);
            case 'S' -> CallOptions.DEFAULT.withDeadlineAfter(amount, TimeUnit.SECONDS);
            case 'm' -> CallOptions.DEFAULT.withDeadlineAfter(amount, TimeUnit.MILLISECONDS);
            case 'u' -> CallOptions.DEFAULT.withDeadlineAfter(amount, TimeUnit.MICROSECONDS);
            default -> CallOptions.DEFAULT.withDeadlineAfter(amount, TimeUnit.NANOSECONDS);
        };
    }
}
