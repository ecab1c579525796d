package dev.vibrissa.devnet.rpc;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * One call on its way from HTTP to a gRPC server and back: messages travel as they are, framed by a flag and a length.
 * The next message is asked for when HTTP has taken the one before, so that a slow reader is felt by the service.
 */
final class GrpcCall extends ClientCall.Listener<InputStream> {
    private static final int FRAME_HEADER_BYTES = 5;
    private static final byte TRAILERS = (byte) 0x80;

    /** How a status is brought to the caller, who may have no HTTP trailers. */
    enum Wire {
        GRPC("application/grpc+proto"),
        WEB("application/grpc-web+proto"),
        /** The same in Base64, for callers that can read nothing but text. */
        WEB_TEXT("application/grpc-web-text+proto");

        final String contentType;

        Wire(String contentType) {
            this.contentType = contentType;
        }
    }

    private final ClientCall<InputStream, InputStream> call;
    private final HttpServerResponse response;
    private final Wire wire;
    private final Context context = Objects.requireNonNull(Vertx.currentContext());

    private GrpcCall(ClientCall<InputStream, InputStream> call, HttpServerResponse response, Wire wire) {
        this.call = call;
        this.response = response;
        this.wire = wire;
    }

    /**
     * Starts the call; to be used on the event loop of the request.
     *
     * @param body one framed message
     */
    static void start(ClientCall<InputStream, InputStream> call, Buffer body, HttpServerResponse response, Wire wire) {
        var started = new GrpcCall(call, response, wire);
        response.closeHandler(_ -> call.cancel("the caller went away", null));
        response.exceptionHandler(fault -> call.cancel("the caller's stream broke", fault));
        response.putHeader("content-type", wire.contentType);
        if (wire != Wire.GRPC) {
            response.setChunked(true);
        }
        if (response.closed()) {
            return; // before anybody could tell us
        }
        byte[] message;
        try {
            message = unframed(wire == Wire.WEB_TEXT ? decoded(body) : body);
        } catch (StatusRuntimeException e) {
            started.end(e.getStatus(), new Metadata());
            return;
        }
        call.start(started, new Metadata());
        call.request(1);
        call.sendMessage(new ByteArrayInputStream(message));
        call.halfClose();
    }

    private static Buffer decoded(Buffer body) {
        byte[] bytes = Requests.parse(
                body.toString(StandardCharsets.US_ASCII),
                "body",
                text -> Base64.getMimeDecoder().decode(text));
        return Buffer.buffer(bytes);
    }

    private static byte[] unframed(Buffer body) {
        if (body.length() < FRAME_HEADER_BYTES) {
            throw Requests.invalid("body", "%d bytes hold no message".formatted(body.length()));
        }
        if (body.getByte(0) != 0) {
            throw Status.UNIMPLEMENTED
                    .withDescription("compressed messages are not taken here")
                    .asRuntimeException();
        }
        long length = body.getUnsignedInt(1);
        if (length != body.length() - FRAME_HEADER_BYTES) {
            throw Requests.invalid(
                    "body",
                    "a message of %d bytes where its frame says %d"
                            .formatted(body.length() - FRAME_HEADER_BYTES, length));
        }
        return body.getBytes(FRAME_HEADER_BYTES, body.length());
    }

    @Override
    public void onHeaders(Metadata headers) {
        var texts = texts(headers);
        context.runOnContext(_ -> {
            if (!isGone()) {
                texts.forEach(response::putHeader);
                response.write(Buffer.buffer()); // the headers go out at once
            }
        });
    }

    @Override
    public void onMessage(InputStream message) {
        Buffer frame;
        try (message) {
            frame = frame(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        context.runOnContext(_ -> write(frame));
    }

    private void write(Buffer frame) {
        if (isGone()) {
            call.cancel("the caller went away", null);
            return;
        }
        response.write(encoded(frame));
        if (response.writeQueueFull()) {
            response.drainHandler(_ -> call.request(1));
        } else {
            call.request(1);
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        context.runOnContext(_ -> end(status, trailers));
    }

    private void end(Status status, Metadata trailers) {
        if (isGone()) {
            return;
        }
        var last = texts(trailers);
        last.put("grpc-status", Integer.toString(status.getCode().value()));
        if (status.getDescription() != null) {
            last.put("grpc-message", percentEncoded(status.getDescription()));
        }
        if (wire == Wire.GRPC) {
            last.forEach(response::putTrailer);
            response.end();
        } else {
            var lines = new StringBuilder();
            last.forEach((name, value) ->
                    lines.append(name).append(": ").append(value).append("\r\n"));
            response.end(encoded(trailersFrame(lines.toString())));
        }
    }

    private boolean isGone() {
        return response.ended() || response.closed();
    }

    /** Copies the message once, as it may be large; gRPC's messages know their length. */
    private static Buffer frame(InputStream message) throws IOException {
        byte[] frame = new byte[FRAME_HEADER_BYTES + message.available()];
        int read = message.readNBytes(frame, FRAME_HEADER_BYTES, frame.length - FRAME_HEADER_BYTES);
        if (FRAME_HEADER_BYTES + read != frame.length || message.read() >= 0) {
            throw new IOException(
                    "a message announced with %d bytes has fewer or more".formatted(frame.length - FRAME_HEADER_BYTES));
        }
        return headed(frame, (byte) 0);
    }

    private static Buffer trailersFrame(String lines) {
        byte[] text = lines.getBytes(StandardCharsets.US_ASCII);
        byte[] frame = new byte[FRAME_HEADER_BYTES + text.length];
        System.arraycopy(text, 0, frame, FRAME_HEADER_BYTES, text.length);
        return headed(frame, TRAILERS);
    }

    private static Buffer headed(byte[] frame, byte flag) {
        ByteBuffer.wrap(frame).put(flag).putInt(frame.length - FRAME_HEADER_BYTES);
        return Buffer.buffer(Unpooled.wrappedBuffer(frame));
    }

    private Buffer encoded(Buffer frame) {
        return wire == Wire.WEB_TEXT ? Buffer.buffer(Base64.getEncoder().encode(frame.getBytes())) : frame;
    }

    private static Map<String, String> texts(Metadata metadata) {
        var texts = new HashMap<String, String>();
        for (String name : metadata.keys()) {
            if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                byte[] value = metadata.get(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER));
                texts.put(name, Base64.getEncoder().withoutPadding().encodeToString(value));
            } else {
                String value = metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
                texts.put(name, Objects.requireNonNull(value, name));
            }
        }
        return texts;
    }

    /** As gRPC wants status messages; spaces may stay, but escaped ones are read by everybody. */
    private static String percentEncoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
