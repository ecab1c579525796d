package dev.vibrissa.api.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vibrissa.api.price.Measure.Point;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasureTest {
    @Test
    void aSeriesThatDoublesAndHalves() {
        var measure = Measure.of(List.of(new Point(1, 100), new Point(2, 200), new Point(3, 100)));
        assertThat(measure.epochs()).isEqualTo(3);
        assertThat(measure.mean()).isCloseTo(400.0 / 3, within(1e-9));
        // ln 2 and -ln 2: their mean is 0, the squares add up to 2 ln² 2, divided by 1.
        assertThat(measure.standardDeviationOfLogChanges()).isCloseTo(Math.log(2) * Math.sqrt(2), within(1e-12));
        assertThat(measure.coefficientOfVariation()).isCloseTo(57.735026918962575 / (400.0 / 3), within(1e-12));
    }

    @Test
    void whatNeverChangesIsSteady() {
        var measure = Measure.of(List.of(new Point(1, 5), new Point(2, 5), new Point(3, 5)));
        assertThat(measure.standardDeviationOfLogChanges()).isZero();
        assertThat(measure.coefficientOfVariation()).isZero();
    }

    @Test
    void aGapIsNoChange() {
        var measure = Measure.of(List.of(new Point(1, 5), new Point(3, 7), new Point(4, 9)));
        assertThat(measure.standardDeviationOfLogChanges()).isNull();
        assertThat(measure.coefficientOfVariation()).isPositive();
    }

    @Test
    void nothingSaysNothing() {
        var measure = Measure.of(List.of());
        assertThat(measure.mean()).isNull();
        assertThat(measure.coefficientOfVariation()).isNull();
    }
}
