using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Usage;

namespace VendorPortal.Tests.Usage;

/// <summary>Whether a person counts is a function of all they said, in whatever order it arrived.</summary>
public sealed class UsageStateTests
{
    private static readonly DateTime Start = new(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly Gen<(DateTime AtUtc, bool IsOut)[]> Words =
        from count in Gen.Choose(0, 8)
        from words in Gen.ListOf(from hour in Gen.Choose(0, 12) from isOut in Gen.Elements(true, false) select (Start.AddHours(hour), isOut), count)
        select words.ToArray();

    [Fact]
    public void State_AnyOrderAndRepeats_IsTheSame() => Check.QuickThrowOnFailure(Prop.ForAll(
        (from words in Words from order in Gen.Shuffle(words) select (words, order)).ToArbitrary(),
        sample => Assert.Equal(UsageState.Of(sample.words), UsageState.Of([.. sample.order, .. sample.words]))));

    [Fact]
    public void State_OutIsTheLastWord_NothingCounts() => Check.QuickThrowOnFailure(Prop.ForAll(
        Words.ToArbitrary(),
        words => Assert.False(UsageState.Of([.. words, (Start.AddHours(12), true)]).Counts(Start.AddHours(13)))));

    [Fact]
    public void State_NobodyEverWentOut_EverythingCounts() => Check.QuickThrowOnFailure(Prop.ForAll(
        Words.ToArbitrary(),
        words => Assert.Equal(default, UsageState.Of(words.Where(word => !word.IsOut)))));

    [Fact]
    public void State_CameBack_CountsFromTheFirstWordAfterTheLastOut()
    {
        var state = UsageState.Of([(Start, false), (Start.AddHours(1), true), (Start.AddHours(5), false), (Start.AddHours(3), false), (Start.AddHours(2), true)]);

        Assert.Equal(new UsageState(false, Start.AddHours(3)), state);
        Assert.True(state.Counts(Start.AddHours(3)));
        Assert.False(state.Counts(Start.AddHours(3).AddTicks(-1)));
    }
}
