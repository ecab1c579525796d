package dev.vibrissa.devnet.rpc;

import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.InputState;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.Command;
import dev.vibrissa.protocol.sui.Event;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TransactionKind;
import dev.vibrissa.rpc.v2.EventFilter;
import dev.vibrissa.rpc.v2.EventLiteral;
import dev.vibrissa.rpc.v2.EventTerm;
import dev.vibrissa.rpc.v2.TransactionFilter;
import dev.vibrissa.rpc.v2.TransactionLiteral;
import dev.vibrissa.rpc.v2.TransactionTerm;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Filters as predicates: some term must hold, and of it every literal. */
final class Filters {
    private Filters() {}

    static Predicate<StoredCheckpoint.Transaction> transactions(TransactionFilter filter) {
        return anyTerm(
                filter.getTermsList(),
                TransactionTerm::getLiteralsList,
                literal -> signed(literal.getNegated(), of(literal)));
    }

    static BiPredicate<StoredCheckpoint.Transaction, Event> events(EventFilter filter) {
        record Emitted(StoredCheckpoint.Transaction by, Event event) {}
        Predicate<Emitted> anyTerm = anyTerm(filter.getTermsList(), EventTerm::getLiteralsList, literal -> {
            if (literal.getPredicateCase() == EventLiteral.PredicateCase.SENDER) {
                var sender = sender(literal.getSender().getAddress());
                return signed(literal.getNegated(), emitted -> sender.test(emitted.by));
            }
            var event = of(literal);
            return signed(literal.getNegated(), emitted -> event.test(emitted.event));
        });
        return (transaction, event) -> anyTerm.test(new Emitted(transaction, event));
    }

    private static <T, L, S> Predicate<S> anyTerm(
            List<T> terms, Function<T, List<L>> literals, Function<L, Predicate<S>> predicate) {
        return terms.stream()
                .map(term -> literals.apply(term).stream()
                        .map(predicate)
                        .reduce(Predicate::and)
                        .orElseThrow(() -> Requests.invalid("filter", "a term without literals")))
                .reduce(Predicate::or)
                .orElseThrow(() -> Requests.invalid("filter", "a filter without terms"));
    }

    private static <S> Predicate<S> signed(boolean negated, Predicate<S> predicate) {
        return negated ? predicate.negate() : predicate;
    }

    private static Predicate<StoredCheckpoint.Transaction> of(TransactionLiteral literal) {
        return switch (literal.getPredicateCase()) {
            case SENDER -> sender(literal.getSender().getAddress());
            case AFFECTED_ADDRESS -> {
                var address = Requests.address(literal.getAffectedAddress().getAddress(), "affected_address");
                yield changes(change -> owners(change).anyMatch(address::equals));
            }
            case AFFECTED_OBJECT -> {
                var id = Requests.address(literal.getAffectedObject().getObjectId(), "affected_object");
                yield changes(change -> change.id().equals(id));
            }
            case MOVE_CALL -> {
                var path = MovePath.parse(literal.getMoveCall().getFunction(), 3, "move_call");
                yield transaction -> calls(transaction)
                        .anyMatch(call -> path.matches(call.packageId(), call.module(), call.function()));
            }
            case EMIT_MODULE -> someEvent(emitModule(literal.getEmitModule().getModule()));
            case EVENT_TYPE -> someEvent(eventType(literal.getEventType().getEventType()));
            case PACKAGE_WRITE -> changes(change -> change.out() instanceof OutputState.PackageWritten);
            case PREDICATE_NOT_SET -> throw unknownPredicate();
        };
    }

    private static Predicate<Event> of(EventLiteral literal) {
        return switch (literal.getPredicateCase()) {
            case EMIT_MODULE -> emitModule(literal.getEmitModule().getModule());
            case EVENT_TYPE -> eventType(literal.getEventType().getEventType());
            case SENDER, PREDICATE_NOT_SET -> throw unknownPredicate();
        };
    }

    private static RuntimeException unknownPredicate() {
        return Requests.invalid("filter", "a literal without a predicate that is known here");
    }

    private static Predicate<StoredCheckpoint.Transaction> sender(String text) {
        var address = Requests.address(text, "sender");
        return transaction ->
                transaction.data().filter(data -> data.sender().equals(address)).isPresent();
    }

    private static Predicate<StoredCheckpoint.Transaction> changes(Predicate<ChangedObject> predicate) {
        return transaction -> transaction
                .effects()
                .filter(effects -> effects.changedObjects().stream().anyMatch(predicate))
                .isPresent();
    }

    private static Predicate<StoredCheckpoint.Transaction> someEvent(Predicate<Event> predicate) {
        return transaction -> transaction.events().stream().anyMatch(predicate);
    }

    private static Predicate<Event> emitModule(String text) {
        var path = MovePath.parse(text, 2, "emit_module");
        return event -> path.matches(event.packageId(), event.module());
    }

    private static Predicate<Event> eventType(String text) {
        if (text.contains("<")) {
            var type = Requests.parse(text, "event_type", StructTag::parse);
            return event -> event.type().equals(type);
        }
        var path = MovePath.parse(text, 3, "event_type");
        return event -> path.matches(
                event.type().address(), event.type().module(), event.type().name());
    }

    private static Stream<Command.MoveCall> calls(StoredCheckpoint.Transaction transaction) {
        return transaction.data().stream()
                .flatMap(data -> switch (data.kind()) {
                    case TransactionKind.Programmable(var _, List<Command> commands) -> commands.stream();
                    case TransactionKind.ProgrammableSystem(var _, List<Command> commands) -> commands.stream();
                    default -> Stream.<Command>empty(); // the system's own, which call nothing
                })
                .filter(Command.MoveCall.class::isInstance)
                .map(Command.MoveCall.class::cast);
    }

    /** Who had the object before, who has it now, and whose balance a write without an object changes. */
    private static Stream<SuiAddress> owners(ChangedObject change) {
        Stream<SuiAddress> before =
                change.in() instanceof InputState.Exists(long _, var _, Owner owner) ? address(owner) : Stream.empty();
        Stream<SuiAddress> after = switch (change.out()) {
            case OutputState.Written(var _, Owner owner) -> address(owner);
            case OutputState.AccumulatorWritten balance -> Stream.of(balance.address());
            case OutputState.Absent _, OutputState.PackageWritten _ -> Stream.empty();
        };
        return Stream.concat(before, after);
    }

    private static Stream<SuiAddress> address(Owner owner) {
        return switch (owner) {
            case Owner.AddressOwner(SuiAddress address) -> Stream.of(address);
            case Owner.ConsensusAddress(long _, SuiAddress address) -> Stream.of(address);
            case Owner.ObjectOwner _, Owner.Shared _, Owner.Immutable _ -> Stream.empty();
        };
    }

    /** An address and as many names after it as the caller cared to give. */
    private record MovePath(SuiAddress address, List<String> names) {
        static MovePath parse(String text, int maxParts, String field) {
            var parts = List.of(text.split("::", -1));
            if (parts.size() > maxParts || parts.contains("")) {
                throw Requests.invalid(field, "'%s' is no path of up to %d parts".formatted(text, maxParts));
            }
            return new MovePath(Requests.address(parts.getFirst(), field), parts.subList(1, parts.size()));
        }

        boolean matches(SuiAddress address, String... names) {
            return this.address.equals(address)
                    && this.names.equals(List.of(names).subList(0, this.names.size()));
        }
    }
}
