using Latmus;

return await new LatmusProgram().Run(args);
