package com.example.app;

import com.androidnetworking.AndroidNetworking;
import com.androidnetworking.common.Priority;
import com.androidnetworking.interfaces.JSONObjectRequestListener;

public class ProjectsRepository {
    private final Preferences preferences;

    public ProjectsRepository(Preferences preferences) {
        this.preferences = preferences;
    }

    public void projects(String portal, JSONObjectRequestListener listener) {
        AndroidNetworking.get("https://projectsapi.zoho.com/restapi/portal/{portal}/projects/")
                .addPathParameter("portal", portal)
                .addHeaders("Authorization", preferences.getUserToken())
                .setPriority(Priority.MEDIUM)
                .build()
                .getAsJSONObject(listener);
    }

    public void tasks(String portal, JSONObjectRequestListener listener) {
        AndroidNetworking.get("https://projectsapi.zoho.com/restapi/portal/" + portal + "/tasks/")
                .addQueryParameter("authtoken", preferences.getUserToken())
                .build()
                .getAsJSONObject(listener);
    }
}
