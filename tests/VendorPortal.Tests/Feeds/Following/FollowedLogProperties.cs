using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Feeds.Following;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Tests.Feeds.Following;

/// <summary>Whatever order growth, rotations, restarts and crashes come in: each line once, in its order.</summary>
public sealed class FollowedLogProperties(FollowedPortal fixture) : IClassFixture<FollowedPortal>
{
    private enum Event
    {
        Write,
        WriteHalf,
        Rotate,
        Read,
        Wait,
        Restart,
        Crash,
    }

    [Fact]
    public void Log_OfAnyLife_IsReadOnceLineByLine() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(40),
        Prop.ForAll(
            Gen.ListOf(from what in Gen.Elements(Enum.GetValues<Event>()) from size in Gen.Choose(0, 5) select (what, size), 25).ToArbitrary(),
            life => LiveAsync([.. life]).GetAwaiter().GetResult()));

    private async Task LiveAsync(IReadOnlyList<(Event What, int Size)> life)
    {
        using var log = await FollowedLog.CreateAsync(fixture.Portal);
        var (second, rotations, rest) = (0, 0, "");
        log.Write(second, "first");
        await log.ReadAsync();
        foreach (var (what, size) in life)
        {
            switch (what)
            {
                case Event.Write:
                    second += size % 2;
                    EndLine();
                    log.Write(second, Enumerable.Range(0, size).Select(i => (i / 2).ToString(CultureInfo.InvariantCulture)));
                    break;
                case Event.WriteHalf:
                    EndLine();
                    var line = log.Expect(second, "0");
                    await File.AppendAllTextAsync(log.Path, line[..(size * 10)]);
                    rest = line[(size * 10)..];
                    break;
                case Event.Rotate when rotations < 8:
                    EndLine();
                    rotations++;
                    log.Rotate();
                    if (size > 0)
                        await File.WriteAllTextAsync(log.Path, "");
                    break;
                case Event.Read:
                    await log.ReadAsync();
                    break;
                case Event.Wait:
                    await log.ReadAsync();
                    log.Time.Advance(FileReading.RotatedRest);
                    await log.ReadAsync();
                    break;
                case Event.Restart:
                    log.Restart();
                    break;
                case Event.Crash:
                    FollowedFile before = await log.StoredAsync();
                    await log.ReadAsync();
                    await log.ForgetPlaceAsync(before);
                    break;
            }

            if (!File.Exists(log.Path))
                await File.WriteAllTextAsync(log.Path, "");
        }

        EndLine();
        await log.ReadToTheEndAsync();
        await log.IsReadOnceAsync();

        void EndLine()
        {
            File.AppendAllText(log.Path, rest);
            rest = "";
        }
    }
}
