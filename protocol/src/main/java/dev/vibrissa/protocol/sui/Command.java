package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import java.util.List;
import java.util.Optional;

/** One step of a programmable transaction. */
public sealed interface Command {
    record MoveCall(
            SuiAddress packageId, String module, String function, List<TypeTag> typeArguments, List<Argument> arguments)
            implements Command {}

    record TransferObjects(List<Argument> objects, Argument recipient) implements Command {}

    record SplitCoins(Argument coin, List<Argument> amounts) implements Command {}

    record MergeCoins(Argument into, List<Argument> coins) implements Command {}

    record Publish(List<Bytes> modules, List<SuiAddress> dependencies) implements Command {}

    record MakeMoveVec(Optional<TypeTag> elementType, List<Argument> elements) implements Command {}

    record Upgrade(List<Bytes> modules, List<SuiAddress> dependencies, SuiAddress packageId, Argument ticket)
            implements Command {}

    static Command decode(BcsReader in) {
        return switch (in.variant("Command", 7)) {
            case 0 ->
                new MoveCall(SuiAddress.decode(in), in.string(), in.string(), in.list(TypeTag::decode), arguments(in));
            case 1 -> new TransferObjects(arguments(in), Argument.decode(in));
            case 2 -> new SplitCoins(Argument.decode(in), arguments(in));
            case 3 -> new MergeCoins(Argument.decode(in), arguments(in));
            case 4 -> new Publish(modules(in), dependencies(in));
            case 5 -> new MakeMoveVec(in.option(TypeTag::decode), arguments(in));
            default -> new Upgrade(modules(in), dependencies(in), SuiAddress.decode(in), Argument.decode(in));
        };
    }

    private static List<Argument> arguments(BcsReader in) {
        return in.list(Argument::decode);
    }

    private static List<Bytes> modules(BcsReader in) {
        return in.list(BcsReader::bytesView);
    }

    private static List<SuiAddress> dependencies(BcsReader in) {
        return in.list(SuiAddress.SIZE, SuiAddress::decode);
    }

    default void encode(BcsWriter out) {
        switch (this) {
            case MoveCall call -> {
                call.packageId.encode(out.uleb(0));
                out.string(call.module).string(call.function);
                out.list(call.typeArguments, (each, type) -> type.encode(each));
                encodeArguments(call.arguments, out);
            }
            case TransferObjects(List<Argument> objects, Argument recipient) -> {
                encodeArguments(objects, out.uleb(1));
                recipient.encode(out);
            }
            case SplitCoins(Argument coin, List<Argument> amounts) -> {
                coin.encode(out.uleb(2));
                encodeArguments(amounts, out);
            }
            case MergeCoins(Argument into, List<Argument> coins) -> {
                into.encode(out.uleb(3));
                encodeArguments(coins, out);
            }
            case Publish(List<Bytes> modules, List<SuiAddress> dependencies) ->
                encodeCode(modules, dependencies, out.uleb(4));
            case MakeMoveVec(Optional<TypeTag> elementType, List<Argument> elements) -> {
                out.uleb(5).option(elementType, (each, type) -> type.encode(each));
                encodeArguments(elements, out);
            }
            case Upgrade upgrade -> {
                encodeCode(upgrade.modules, upgrade.dependencies, out.uleb(6));
                upgrade.packageId.encode(out);
                upgrade.ticket.encode(out);
            }
        }
    }

    private static void encodeArguments(List<Argument> arguments, BcsWriter out) {
        out.list(arguments, (each, argument) -> argument.encode(each));
    }

    private static void encodeCode(List<Bytes> modules, List<SuiAddress> dependencies, BcsWriter out) {
        out.list(modules, BcsWriter::bytes).list(dependencies, (each, id) -> id.encode(each));
    }
}
