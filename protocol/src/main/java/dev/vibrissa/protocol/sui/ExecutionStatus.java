package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import java.util.OptionalLong;

/** How a transaction ended. A failed one changes nothing but gas. */
public sealed interface ExecutionStatus {
    record Success() implements ExecutionStatus {}

    /**
     * @param command index of the command that failed, where one did
     */
    record Failure(ExecutionError error, OptionalLong command) implements ExecutionStatus {}

    static ExecutionStatus decode(BcsReader in) {
        return switch (in.variant("ExecutionStatus", 2)) {
            case 0 -> new Success();
            default ->
                new Failure(ExecutionError.decode(in), in.bool() ? OptionalLong.of(in.u64()) : OptionalLong.empty());
        };
    }

    default void encode(BcsWriter out) {
        switch (this) {
            case Success() -> out.uleb(0);
            case Failure(ExecutionError error, OptionalLong command) -> {
                error.encode(out.uleb(1));
                out.bool(command.isPresent());
                command.ifPresent(out::u64);
            }
        }
    }

    default boolean isSuccess() {
        return this instanceof Success;
    }
}
