using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Classification;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Classification;

/// <summary>The classification is a function of the set of requests.</summary>
public sealed class PullClassifierProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    [Fact]
    public void Classify_AnyOrder_GivesTheSamePulls() => Check.One(Many, Prop.ForAll(
        (from requests in RequestGenerators.Requests(14)
         from shuffled in Gen.Shuffle(Enumerable.Range(0, requests.Length).ToArray())
         select (requests, shuffled)).ToArbitrary(),
        sample =>
        {
            var facts = sample.requests.Select(RequestGenerators.Facts).ToList();
            var expected = Describe(PullClassifier.Classify([.. facts], RequestGenerators.Graph()));

            var actual = Describe(PullClassifier.Classify([.. sample.shuffled.Select(i => facts[i])], RequestGenerators.Graph()));

            Assert.Equal(expected, actual);
        }));

    [Fact]
    public void Classify_EveryRequest_IsInExactlyOnePull() => Check.One(Many, Prop.ForAll(
        RequestGenerators.Requests(14).ToArbitrary(),
        requests =>
        {
            var actions = PullClassifier.Classify([.. requests.Select(RequestGenerators.Facts)], RequestGenerators.Graph());

            Assert.Equal(Enumerable.Range(0, requests.Length).Select(i => (long)i), actions.SelectMany(a => a.Requests).Select(r => r.Id).Order());
        }));

    [Fact]
    public void Classify_WithoutOneActionsRequests_LeavesTheOthersAsTheyAre() => Check.One(Many, Prop.ForAll(
        (from requests in RequestGenerators.Requests(14)
         from pick in Gen.Choose(0, 13)
         select (requests, pick)).ToArbitrary(),
        sample =>
        {
            var facts = sample.requests.Select(RequestGenerators.Facts).ToList();
            var actions = PullClassifier.Classify([.. facts], RequestGenerators.Graph());
            var taken = actions[sample.pick % actions.Count];
            var rest = facts.Except(taken.Requests).ToList();

            var actual = PullClassifier.Classify(rest, RequestGenerators.Graph());

            Assert.Equal(Describe([.. actions.Where(a => a != taken && !a.IsRefused)]), Describe([.. actual.Where(a => !a.IsRefused)]));
        }));

    [Fact]
    public void Classify_WhatIsFinalAtAMoment_StaysAndCanBeTakenAway() => Check.One(Many, Prop.ForAll(
        (from requests in RequestGenerators.Requests(20)
         from pick in Gen.Choose(0, 19)
         from extraMs in Gen.Choose(0, 12_000)
         select (requests, pick, extraMs)).ToArbitrary(),
        sample =>
        {
            var facts = sample.requests.Select(RequestGenerators.Facts).ToList();
            var moment = facts[sample.pick % facts.Count].Ticks + (sample.extraMs * TimeSpan.TicksPerMillisecond);
            var all = PullClassifier.Classify([.. facts], RequestGenerators.Graph());

            // What is known at the moment gives the final ones already; what comes after changes nothing of them.
            var then = PullClassifier.Classify([.. facts.Where(f => f.Ticks < moment)], RequestGenerators.Graph());
            Assert.Equal(Describe(Final(all, moment)), Describe(Final(then, moment)));

            // What is left gives the rest without them.
            var left = PullClassifier.Classify([.. facts.Except(Final(all, moment).SelectMany(a => a.Requests))], RequestGenerators.Graph());
            Assert.Equal(Describe([.. all.Except(Final(all, moment))]), Describe(left));
        }));

    private static List<PullAction> Final(List<PullAction> actions, long moment) => [.. actions.Where(a => a.ReachTicks + PullClassifier.Window < moment)];

    [Fact]
    public void Classify_CutAtGapsLongerThanTheWindow_GivesTheSamePulls() => Check.One(Many, Prop.ForAll(
        RequestGenerators.Requests(20).ToArbitrary(),
        requests =>
        {
            var facts = requests.Select(RequestGenerators.Facts).ToList();
            var sessions = new List<List<ClassifiableRequest>> { new() };
            foreach (var request in facts)
            {
                if (sessions[^1].Count > 0 && request.Ticks - sessions[^1][^1].Ticks > PullClassifier.Window)
                    sessions.Add([]);
                sessions[^1].Add(request);
            }

            var apart = sessions.SelectMany(s => PullClassifier.Classify([.. s], RequestGenerators.Graph())).ToList();

            Assert.Equal(Describe(PullClassifier.Classify([.. facts], RequestGenerators.Graph())), Describe(apart));
        }));

    private static List<string> Describe(List<PullAction> actions) =>
        [.. actions.Select(a => $"{a.Start.Id} {a.Kind} {a.IsForgiven} {a.Status} {a.Rule} {a.Tag} {a.Root} [{string.Join(',', a.Requests.Select(r => r.Id))}]").Order(StringComparer.Ordinal)];
}
