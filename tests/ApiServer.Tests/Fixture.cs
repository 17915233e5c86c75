using IrisOperator.Testing.ControlPlane;

[assembly: AssemblyFixture(typeof(ControlPlaneFixture))]
