// Tempo, beats and key by the Queen Mary DSP library with the parameters with which Mixxx calls it; compiled by run.ts.
// Usage: queen-mary FILE.wav   (16-bit PCM) → lines "bpm X", "key K" (0 = C major … 23 = B minor), "beat SECONDS"
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <map>
#include <vector>
#include <qm-dsp/dsp/keydetection/GetKeyMode.h>
#include <qm-dsp/dsp/onsets/DetectionFunction.h>
#include <qm-dsp/dsp/tempotracking/TempoTrackV2.h>

int main(int argc, char** argv) {
    FILE* file = argc > 1 ? fopen(argv[1], "rb") : nullptr;
    if (!file) return 2;
    char head[12];
    if (fread(head, 1, 12, file) != 12) return 1;
    int rate = 44100, channels = 2;
    std::vector<double> mono;
    char id[4];
    uint32_t size;
    while (fread(id, 1, 4, file) == 4 && fread(&size, 4, 1, file) == 1) {
        std::vector<char> chunk(size);
        size = fread(chunk.data(), 1, size, file);
        if (!memcmp(id, "fmt ", 4)) {
            channels = *reinterpret_cast<int16_t*>(&chunk[2]);
            rate = *reinterpret_cast<int32_t*>(&chunk[4]);
        } else if (!memcmp(id, "data", 4)) {
            const int16_t* samples = reinterpret_cast<int16_t*>(chunk.data());
            for (size_t i = 0; i + channels <= size / 2; i += channels) {
                double sum = 0;
                for (int c = 0; c < channels; c++) sum += samples[i + c] / 32768.0;
                mono.push_back(sum / channels);
            }
        }
    }
    fclose(file);

    const int step = int(rate * 0.01161);
    int window = 1;
    while (window < rate / 50.0) window *= 2;
    DFConfig config;
    config.DFType = DF_COMPLEXSD;
    config.stepSize = step;
    config.frameLength = window;
    config.dbRise = 3;
    config.adaptiveWhitening = false;
    config.whiteningRelaxCoeff = -1;
    config.whiteningFloor = -1;
    DetectionFunction detection(config);
    std::vector<double> df;
    for (size_t at = 0; at + window <= mono.size(); at += step) df.push_back(detection.processTimeDomain(&mono[at]));
    size_t used = df.size();
    while (used > 0 && df[used - 1] <= 0) used--;
    std::vector<double> onset;
    for (size_t i = 2; i < used; i++) onset.push_back(df[i]);
    std::vector<double> tempi, beats;
    if (onset.size() > 512) {
        std::vector<double> perFrame(onset.size());
        TempoTrackV2 tracker(rate, step);
        tracker.calculateBeatPeriod(onset, perFrame, tempi);
        tracker.calculateBeats(onset, perFrame, beats);
    }
    std::vector<double> seconds;
    for (double beat : beats) seconds.push_back((beat * step + step / 2.0) / rate);
    // Least squares through the beats of the middle: the constant tempo that Mixxx makes of them.
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (size_t i = seconds.size() / 8; i < seconds.size() * 7 / 8; i++) {
        n++, sx += i, sy += seconds[i], sxx += double(i) * i, sxy += i * seconds[i];
    }
    if (n > 2) printf("bpm %.6f\n", 60 / ((n * sxy - sx * sy) / (n * sxx - sx * sx)));
    for (double second : seconds) printf("beat %.6f\n", second);

    GetKeyMode keys(rate, 440, 10, 10);
    std::map<int, int> votes;
    const size_t block = keys.getBlockSize(), hop = keys.getHopSize();
    for (size_t at = 0; at + block <= mono.size(); at += hop) votes[keys.process(&mono[at])]++;
    int best = 0;
    for (const auto& vote : votes)
        if (vote.first >= 1 && vote.first <= 24 && (best == 0 || vote.second > votes[best])) best = vote.first;
    if (best > 0) printf("key %d\n", best - 1);
}
