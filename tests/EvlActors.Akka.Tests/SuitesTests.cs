using System.Reflection;
using EvlActors.Behaviour;
using Xunit;

namespace EvlActors.Akka.Tests;

/// <summary>No suite of the other engines is forgotten here.</summary>
public sealed class SuitesTests
{
    [Fact]
    public void Suites_OfEveryEngine_RunOnAkka()
    {
        IEnumerable<Type> suites = typeof(MachineTests).Assembly.GetTypes()
            .Where(type => type.IsAbstract && type != typeof(MachineTests) && type.GetMethods().Any(IsTest));
        HashSet<Type?> here = [.. Assembly.GetExecutingAssembly().GetTypes().Select(type => type.BaseType)];
        Assert.All(suites, suite => Assert.Contains(suite, here));
    }

    private static bool IsTest(MethodInfo method) => method.GetCustomAttribute<FactAttribute>() is not null;
}
