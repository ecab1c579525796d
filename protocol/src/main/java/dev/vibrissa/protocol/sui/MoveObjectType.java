package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import java.util.List;

/**
 * How an object writes its type: frequent types have a variant of their own. We always hold the type in full; the
 * chain always abbreviates where it can, so the way back is unambiguous.
 */
final class MoveObjectType {
    private static final SuiAddress FRAMEWORK = SuiAddress.parse("0x2");
    private static final SuiAddress SYSTEM = SuiAddress.parse("0x3");
    private static final TypeTag SUI = new TypeTag.Struct(new StructTag(FRAMEWORK, "sui", "SUI"));
    private static final StructTag GAS_COIN = coin(SUI);
    private static final StructTag STAKED_SUI = new StructTag(SYSTEM, "staking_pool", "StakedSui");
    private static final TypeTag ACCUMULATED = struct("accumulator", "U128", List.of());
    private static final StructTag SUI_BALANCE = balance(SUI);

    private MoveObjectType() {}

    static StructTag decode(BcsReader in) {
        return switch (in.variant("MoveObjectType", 6)) {
            case 0 -> StructTag.decode(in);
            case 1 -> GAS_COIN;
            case 2 -> STAKED_SUI;
            case 3 -> coin(TypeTag.decode(in, 1));
            case 4 -> SUI_BALANCE;
            default -> balance(TypeTag.decode(in, 3));
        };
    }

    static void encode(StructTag type, BcsWriter out) {
        if (type.equals(GAS_COIN)) {
            out.uleb(1);
        } else if (type.equals(STAKED_SUI)) {
            out.uleb(2);
        } else if (type.is(FRAMEWORK, "coin", "Coin") && type.typeParams().size() == 1) {
            type.typeParams().getFirst().encode(out.uleb(3));
        } else if (type.equals(SUI_BALANCE)) {
            out.uleb(4);
        } else if (type.equals(balance(innermost(type)))) {
            innermost(type).encode(out.uleb(5));
        } else {
            type.encode(out.uleb(0));
        }
    }

    private static StructTag coin(TypeTag type) {
        return new StructTag(FRAMEWORK, "coin", "Coin", List.of(type));
    }

    /** The dynamic field under the accumulator root that holds an address's balance of one coin type. */
    private static StructTag balance(TypeTag coin) {
        TypeTag balance = struct("balance", "Balance", List.of(coin));
        TypeTag key = struct("accumulator", "Key", List.of(balance));
        return new StructTag(FRAMEWORK, "dynamic_field", "Field", List.of(key, ACCUMULATED));
    }

    /** The coin type of what might be a balance; of any other type something that no balance is of. */
    private static TypeTag innermost(StructTag type) {
        TypeTag innermost = new TypeTag.Struct(type);
        for (int depth = 0; depth < 3; depth++) {
            if (!(innermost instanceof TypeTag.Struct(StructTag tag))
                    || tag.typeParams().isEmpty()) {
                return TypeTag.Primitive.SIGNER;
            }
            innermost = tag.typeParams().getFirst();
        }
        return innermost;
    }

    private static TypeTag struct(String module, String name, List<TypeTag> params) {
        return new TypeTag.Struct(new StructTag(FRAMEWORK, module, name, params));
    }
}
