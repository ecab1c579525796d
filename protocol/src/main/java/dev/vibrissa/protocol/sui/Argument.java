package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;

/** Where a command takes a value from. */
public sealed interface Argument {
    /** The coin that pays for gas. */
    record GasCoin() implements Argument {}

    /** The transaction's input of this index. */
    record Input(int index) implements Argument {}

    /** The only result of an earlier command. */
    record Result(int command) implements Argument {}

    /** One of several results of an earlier command. */
    record NestedResult(int command, int result) implements Argument {}

    static Argument decode(BcsReader in) {
        return switch (in.variant("Argument", 4)) {
            case 0 -> new GasCoin();
            case 1 -> new Input(in.u16());
            case 2 -> new Result(in.u16());
            default -> new NestedResult(in.u16(), in.u16());
        };
    }

    default void encode(BcsWriter out) {
        switch (this) {
            case GasCoin() -> out.uleb(0);
            case Input(int index) -> out.uleb(1).u16(index);
            case Result(int command) -> out.uleb(2).u16(command);
            case NestedResult(int command, int result) ->
                out.uleb(3).u16(command).u16(result);
        }
    }
}
