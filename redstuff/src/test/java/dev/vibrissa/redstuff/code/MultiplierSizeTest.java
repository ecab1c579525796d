package dev.vibrissa.redstuff.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The steps of the transform are not inlined: why, says {@link WideMultipliers}. */
class MultiplierSizeTest {
    /** FreqInlineSize of the HotSpot server compiler. */
    private static final int LARGEST_INLINED = 325;

    @ParameterizedTest
    @ValueSource(strings = {"NarrowMultipliers", "WideMultipliers"})
    void stepsAreTooLongToBeInlined(String type) throws IOException {
        byte[] bytes;
        try (InputStream in = Objects.requireNonNull(Multipliers.class.getResourceAsStream(type + ".class"))) {
            bytes = in.readAllBytes();
        }
        assertThat(ClassFile.of().parse(bytes).methods().stream()
                        .filter(method -> method.methodName().stringValue().endsWith("fft2"))
                        .map(MethodModel::code)
                        .map(code -> ((CodeAttribute) code.orElseThrow()).codeLength()))
                .hasSize(2)
                .allMatch(length -> length > LARGEST_INLINED);
    }
}
