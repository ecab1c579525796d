package dev.vibrissa.protocol.sui;

import java.util.ArrayList;
import java.util.List;

/** Reads Move types in Sui's notation; spaces are allowed around type parameters. */
final class TypeParser {
    private final String text;
    private int at;

    TypeParser(String text) {
        this.text = text;
    }

    TypeTag wholeType() {
        TypeTag type = type(0);
        end();
        return type;
    }

    StructTag wholeStruct() {
        StructTag type = struct(0);
        end();
        return type;
    }

    private TypeTag type(int depth) {
        if (depth > TypeTag.MAX_DEPTH) {
            throw fault("type nested deeper than %d".formatted(TypeTag.MAX_DEPTH));
        }
        spaces();
        if (text.startsWith("0x", at)) {
            return new TypeTag.Struct(struct(depth));
        }
        String word = word();
        if (word.equals("vector")) {
            expect("<");
            var vector = new TypeTag.Vector(type(depth + 1));
            expect(">");
            return vector;
        }
        for (var primitive : TypeTag.Primitive.values()) {
            if (primitive.toString().equals(word)) {
                return primitive;
            }
        }
        throw fault("'%s' is no Move type".formatted(word));
    }

    private StructTag struct(int depth) {
        spaces();
        SuiAddress address = SuiAddress.parse(word());
        expect("::");
        String module = word();
        expect("::");
        String name = word();
        return new StructTag(address, module, name, params(depth));
    }

    private List<TypeTag> params(int depth) {
        spaces();
        if (!text.startsWith("<", at)) {
            return List.of();
        }
        var params = new ArrayList<TypeTag>();
        do {
            at++; // the '<' or ','
            params.add(type(depth + 1));
            spaces();
        } while (text.startsWith(",", at));
        expect(">");
        return List.copyOf(params);
    }

    private String word() {
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        if (at == start) {
            throw fault("a name is missing");
        }
        return text.substring(start, at);
    }

    private void expect(String token) {
        spaces();
        if (!text.startsWith(token, at)) {
            throw fault("'%s' is missing".formatted(token));
        }
        at += token.length();
    }

    private void spaces() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private void end() {
        spaces();
        if (at != text.length()) {
            throw fault("text is left over");
        }
    }

    private IllegalArgumentException fault(String reason) {
        return new IllegalArgumentException("%s at character %d of '%s'".formatted(reason, at, text));
    }
}
